/**
 * One listing: what is offered, for how much, and who has bought.
 * @module
 */
import { ask, standing } from "./ask.js";
import { h } from "./dom.js";
import { itemName, learnTokens, picture, placeOfItem, price, purchaseRows } from "./goods.js";
import { account, chain, code, facts, nothing, section } from "./parts.js";
import { amount, exact } from "./words.js";

export const title = "Listing";

const SAYINGS = {
  active: "For sale", upcoming: "Not for sale yet", filled: "Sold", expired: "No longer for sale: its time is over",
  cancelled: "Taken back by its seller", unavailable: "Not to be had: its seller does not hold it",
};

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [where, hash]) {
  const place = [where, hash].map(encodeURIComponent);
  const [stands, listing, { purchases }] = await Promise.all([
    standing(signal), ask(`/v1/listings/${place.join("/")}`, signal), ask(`/v1/purchases?chain=${place[0]}&listing=${place[1]}`, signal), learnTokens(signal),
  ]);
  return { stands, listing, purchases };
}

/** @param {{stands: import("./ask.js").Standing, listing: any, purchases: any[]}} found */
export function render({ stands, listing, purchases }) {
  const said = SAYINGS[/** @type {keyof typeof SAYINGS} */ (listing.state)] ?? listing.state;
  const asked = price({ chain: listing.paymentChain, token: listing.paymentToken, amount: listing.price }, stands);
  return [
    h("header", { class: "lead with-picture", "data-key": "lead" }, picture(), h("div", {}, h("p", { class: "kind" }, "Listing", chain(stands, listing.chain)), h("h1", { "data-notice": "" }, said), h("p", {}, h("a", { href: placeOfItem(listing.item) }, itemName(listing.item)), " for ", asked))),
    section("Terms", [
      facts([
        ["seller", account(`${listing.chain}:${listing.offerer}`)],
        ["price each", asked],
        ["sold", `${amount(listing.filled, 0)} of ${amount(listing.amount, 0)}`],
        ["from", exact(listing.startTime)],
        ["until", exact(listing.endTime)],
        ["royalty at most", `${listing.maxRoyalty / 100} %`],
        ["fee at most", `${listing.maxFee / 100} %`],
        ["shared among", listing.consideration.map((/** @type {any} */ each) => h("div", {}, account(`:${each.recipient}`), ` ${each.basisPoints / 100} %`))],
        ["listing", code(listing.hash)],
      ]),
    ], { id: "terms" }),
    section("Purchases", [purchases.length ? purchaseRows(purchases, stands) : nothing("Nobody has bought it yet")], { id: "purchases" }),
  ];
}
