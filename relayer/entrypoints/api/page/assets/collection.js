/**
 * One collection and its items.
 * @module
 */
import { ask, standing } from "./ask.js";
import { h } from "./dom.js";
import { itemName, picture, placeOfItem } from "./goods.js";
import { account, chain, nothing, section } from "./parts.js";
import { count, parted, stranger } from "./words.js";

export const title = "Collection";

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [home, address]) {
  const path = `/v1/collections/${encodeURIComponent(home)}/${encodeURIComponent(address)}`;
  const [stands, collection, { items }] = await Promise.all([standing(signal), ask(path, signal), ask(`${path}/items?limit=100`, signal)]);
  return { stands, collection, items };
}

/** @param {{stands: import("./ask.js").Standing, collection: any, items: any[]}} found */
export function render({ stands, collection, items }) {
  return [
    h("header", { class: "lead", "data-key": "lead" }, h("p", { class: "kind" }, "Collection", chain(stands, parted(collection.id).chain)), h("h1", {}, stranger(collection.name || "Unnamed", 80)), h("p", {}, stranger(collection.symbol, 20), " ", account(collection.id))),
    section("Items", [items.length ? h("ul", { class: "rows wares" }, items.map((each) => row(each, stands))) : nothing("No item of it has been seen")], { id: "items", aside: `${collection.listings} for sale` }),
  ];
}

/** @param {any} each @param {import("./ask.js").Standing} stands */
function row(each, stands) {
  const places = [...new Set(each.holdings.map((/** @type {any} */ held) => parted(held.token).chain))];
  return h("li", { "data-key": each.identifier }, picture(), h("a", { class: "whole", href: placeOfItem(each) }, itemName(each)), h("span", { class: "where" }, places.map((place) => chain(stands, /** @type {string} */ (place)))), each.inFlight.length ? `${count(each.inFlight.length, "transfer")} under way` : "", "");
}
