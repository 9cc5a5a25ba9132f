/**
 * One item: where it is, what it costs, and its whole life, each step with the header that proved it.
 * @module
 */
import { ask, orElse, standing } from "./ask.js";
import { h } from "./dom.js";
import { holdingRows, itemName, learnTokens, listingRows, picture, price, when } from "./goods.js";
import { account, chain, code, drawing, facts, nameOf, nothing, route, section } from "./parts.js";
import { amount, grouped, parted, stranger } from "./words.js";

export const title = "Item";

const VERBS = {
  minted: "Minted", transferred: "Changed hands", burned: "Burned", locked: "Locked, to travel", wrapped: "Arrived, wrapped", unwrapped: "Left, unwrapped",
  released: "Released at home", listed: "Listed", cancelled: "Listing taken back", sold: "Sold", refused: "Purchase refused", bounced: "Sent back",
};
/** @type {Record<string, "back" | "bad">} */
const SIGNS = { refused: "back", bounced: "back", burned: "bad" };

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [home, address, identifier]) {
  const place = [home, address, identifier].map(encodeURIComponent);
  const path = `/v1/items/${place.join("/")}`;
  const [stands, item, { steps }, collection] = await Promise.all([
    standing(signal), ask(path, signal), ask(`${path}/provenance`, signal), orElse(ask(`/v1/collections/${place[0]}/${place[1]}`, signal), null), learnTokens(signal),
  ]);
  const inline = String(item.uri).startsWith("data:application/json") ? await orElse(ask(`${path}/metadata`, signal), null) : null;
  return { stands, item, steps, collection, inline };
}

/** @param {{stands: import("./ask.js").Standing, item: any, steps: any[], collection: any, inline: any}} found */
export function render({ stands, item, steps, collection, inline }) {
  return [
    h(
      "header",
      { class: "lead with-picture", "data-key": "lead" },
      picture(inline?.image),
      h("div", {}, h("p", { class: "kind" }, "Item", chain(stands, parted(item.collection).chain)), h("h1", {}, itemName(item, collection?.name)), h("p", {}, whereabouts(item, stands))),
    ),
    item.listings.length ? section("For sale", [listingRows(item.listings, stands)], { id: "listings" }) : null,
    section("Owners", [item.holdings.length ? holdingRows(item.holdings, stands) : nothing("Nobody holds it right now")], { id: "owners" }),
    section("Provenance", [steps.length ? h("ol", { class: "steps" }, steps.map((each) => step(each, stands))) : nothing("Its history is not known yet")], { id: "provenance", aside: "proven by chains" }),
    section("About", [facts([["collection", account(item.collection)], ["identifier", h("span", { class: "hash" }, stranger(item.identifier, 80))], ["kind", stranger(item.itemType)], ["URI", item.uri ? stranger(item.uri, 300) : "none"]])], { id: "about" }),
  ].filter(Boolean);
}

/** @param {any} item @param {import("./ask.js").Standing} stands */
function whereabouts(item, stands) {
  if (item.inFlight.length) return ["On its way: ", item.inFlight.map((/** @type {any} */ each) => h("a", { href: `#/message/${each.message}` }, route(stands, each)))].flat();
  const places = [...new Set(item.holdings.map((/** @type {any} */ each) => nameOf(stands, parted(each.token).chain)))];
  return places.length ? `It is on ${places.join(" and ")}.` : "It is nowhere that this index reads.";
}

/** @param {any} each @param {import("./ask.js").Standing} stands */
function step(each, stands) {
  const sign = SIGNS[each.kind] ?? "done";
  const { hash, block } = each.transaction;
  return h(
    "li",
    { class: sign, "data-key": `${hash}-${each.kind}-${each.receiver ?? ""}` },
    h("span", { class: "sign" }, drawing(sign)),
    h(
      "div",
      {},
      h("h3", {}, h("span", {}, VERBS[/** @type {keyof typeof VERBS} */ (each.kind)] ?? each.kind, " on ", chain(stands, each.chain)), h("span", { class: "when" }, when(block))),
      facts([
        ["from", each.giver && account(each.giver)],
        ["to", each.receiver && account(each.receiver)],
        ["price", each.price && price(each.price, stands)],
        ["amount", each.amount !== "1" && each.amount !== "0" ? amount(each.amount, 0) : null],
        ["proven by", each.provenAt && h("span", { class: "proof" }, `header ${grouped(each.provenAt.height)} of `, chain(stands, each.provenAt.chain))],
        ["message", each.message && code(each.message, { to: `#/message/${each.message}` })],
        ["purchase", each.purchase && code(each.purchase, { to: `#/purchase/${each.purchase}` })],
        ["transaction", code(hash, { to: `#/transaction/${hash}` })],
        ["block", block && grouped(block.number)],
      ]),
    ),
  );
}
