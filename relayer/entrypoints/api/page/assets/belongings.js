/**
 * What an account has in the marketplace: items, offers, purchases, money to withdraw.
 * @module
 */
import { ask } from "./ask.js";
import { h } from "./dom.js";
import { holdingRows, learnTokens, listingRows, price, purchaseRows } from "./goods.js";
import { section } from "./parts.js";

/** @param {AbortSignal} signal @param {string} address */
export async function load(signal, address) {
  const who = encodeURIComponent(address);
  const [{ items }, { listings }, { purchases }, { credits }] = await Promise.all([
    ask(`/v1/owners/${who}/items`, signal), ask(`/v1/listings?offerer=${who}`, signal), ask(`/v1/purchases?buyer=${who}`, signal), ask(`/v1/credits/${who}`, signal), learnTokens(signal),
  ]);
  return { items, listings, purchases, credits };
}

/** @param {{items: any[], listings: any[], purchases: any[], credits: any[]}} owned @param {import("./ask.js").Standing} stands */
export function render({ items, listings, purchases, credits }, stands) {
  return [
    items.length ? section("Items", [holdingRows(items, stands, { owners: false })], { id: "items" }) : null,
    credits.length ? section("To withdraw", [h("ul", { class: "rows credits" }, credits.map((each) => h("li", {}, price(each, stands))))], { id: "credits" }) : null,
    listings.length ? section("Offers", [listingRows(listings, stands)], { id: "offers" }) : null,
    purchases.length ? section("Purchases", [purchaseRows(purchases, stands)], { id: "purchases" }) : null,
  ];
}
