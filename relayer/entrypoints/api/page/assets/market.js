/**
 * What is for sale, and which collections there are.
 * @module
 */
import { ask, standing } from "./ask.js";
import { h } from "./dom.js";
import { learnTokens, listingRows } from "./goods.js";
import { chain, nothing, section } from "./parts.js";
import { count, parted, stranger } from "./words.js";

export const title = "Market";

/** @param {AbortSignal} signal */
export async function load(signal) {
  const [stands, { listings }, { collections }] = await Promise.all([
    standing(signal), ask("/v1/listings?limit=50", signal), ask("/v1/collections?limit=100", signal), learnTokens(signal),
  ]);
  return { stands, listings, collections };
}

/** @param {{stands: import("./ask.js").Standing, listings: any[], collections: any[]}} found */
export function render({ stands, listings, collections }) {
  const names = new Map(collections.map((each) => [each.id, each.name]));
  const headline = listings.length ? `${count(listings.length, "item")} for sale` : "Nothing is for sale";
  return [
    h("header", { class: "lead", "data-key": "lead" }, h("h1", {}, headline), h("p", {}, "Listed on one chain, paid on another, delivered where the buyer wants: the item and everybody's share, or the money back.")),
    section("For sale", [listings.length ? listingRows(listings, stands, names) : nothing("No listing stands", "Whoever owns an item lists it with a signature; it appears here at once.")], { id: "listings" }),
    section("Collections", [collections.length ? h("ul", { class: "chains" }, collections.map((each) => card(each, stands))) : nothing("No collection is known yet")], { id: "collections" }),
  ];
}

/** @param {any} each @param {import("./ask.js").Standing} stands */
function card(each, stands) {
  const { chain: home, address } = parted(each.id);
  return h(
    "li",
    { class: "card linked", "data-key": each.id },
    h("h3", {}, h("a", { class: "whole", href: `#/collection/${home}/${address}` }, stranger(each.name || "Unnamed", 60))),
    h("p", {}, chain(stands, home), " ", h("span", { class: "symbol" }, stranger(each.symbol, 20))),
    h("p", {}, `${count(each.items, "item")}, ${each.listings} for sale${each.wrapped.length ? `, on ${count(each.wrapped.length, "other chain")} too` : ""}`),
  );
}
