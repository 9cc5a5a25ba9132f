/**
 * What is bought and sold, in pieces: prices, items, listings. Names and URIs are strangers' words throughout.
 * @module
 */
import { ask } from "./ask.js";
import { h } from "./dom.js";
import { account, chain, drawing, pill } from "./parts.js";
import { ago, amount, harmless, parted, short, stranger } from "./words.js";

/** @typedef {import("./ask.js").Standing} Standing @typedef {{chain: string, token: string, amount: string}} Price */

const COIN = /^0x0{40}$/;
const PIXELS = /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/;
/** Pictures that lie in a document are at most so long. */
const LARGEST = 200_000;
const TONES = { active: "good", upcoming: "moving", filled: "calm", expired: "calm", cancelled: "calm", unavailable: "warn" };

/** @type {Map<string, {symbol: string, decimals: number}>} */
const known = new Map();

/** Symbols and decimals of the tokens that prices are in; asked for once, and again when the market moves. @param {AbortSignal} signal */
export async function learnTokens(signal) {
  const { tokens } = await ask("/v1/tokens", signal);
  for (const each of tokens) known.set(`eip155:${each.chainId}:${String(each.address).toLowerCase()}`, each);
}

/** @param {Price} paid @param {Standing} stands */
export function price({ chain: where, token, amount: units }, stands) {
  const coin = COIN.test(token), found = known.get(`${where}:${token}`);
  const address = h("span", { class: "hash" }, short(token, 4)); // beside the symbol, which anybody can give himself
  const said = coin ? [amount(units, 18), " coins"]
    : found ? [amount(units, found.decimals), " ", stranger(found.symbol, 16), " ", address]
    : [h("span", { title: amount(units, 0) }, many(units)), " units of ", address];
  return h("span", { class: "price" }, h("b", { class: "number" }, said), " on ", chain(stands, where));
}

/** Units of a token whose decimals nobody has told us: long numbers by powers of ten, the exact one stays in the title. @param {string} units */
function many(units) {
  if (!/^\d{19,78}$/.test(units)) return amount(units, 0);
  const part = units.slice(-18, -14).replace(/0+$/, "");
  const exact = /^0+$/.test(units.slice(-14));
  return `${exact ? "" : "about "}${amount(units.slice(0, -18), 0)}${part ? `.${part}` : ""} × 10¹⁸`;
}

/** A picture where the metadata holds its pixels; nothing is fetched from elsewhere. @param {string | null} [image] */
export function picture(image) {
  const drawn = typeof image === "string" && image.length < LARGEST && PIXELS.test(image);
  return drawn ? h("img", { class: "picture", src: image, alt: "", loading: "lazy" }) : h("span", { class: "picture" }, drawing("item"));
}

/** @param {{collection: string, identifier: string}} item */
export function placeOfItem({ collection, identifier }) {
  const { chain: home, address } = parted(collection);
  return `#/item/${home}/${address}/${identifier}`;
}

/** @param {string} identifier */
export function numbered(identifier) {
  return `#${identifier.length > 14 ? `${identifier.slice(0, 6)}…${identifier.slice(-4)}` : identifier}`;
}

/** What an item is called. @param {{collection: string, identifier: string}} item @param {string} [name] */
export function itemName(item, name) {
  return h("span", { class: "item-name" }, h("b", {}, name ? [stranger(name, 60), " "] : "Item ", numbered(harmless(item.identifier, 80))));
}

/** @param {any[]} listings @param {Standing} stands @param {Map<string, string>} [names] of collections */
export function listingRows(listings, stands, names = new Map()) {
  return h("ul", { class: "rows wares" }, listings.map((each) => h(
    "li",
    { "data-key": each.hash },
    picture(),
    h("a", { class: "whole", href: `#/listing/${each.chain}/${each.hash}` }, itemName(each.item, names.get(each.item.collection))),
    h("span", { class: "where" }, chain(stands, each.chain), h("span", { class: "hash" }, short(each.offerer, 4))),
    price({ chain: each.paymentChain, token: each.paymentToken, amount: each.price }, stands),
    pill(TONES[/** @type {keyof typeof TONES} */ (each.state)] ?? "calm", each.state === "active" ? "for sale" : each.state),
  )));
}

/** @param {{item: any, token: string, owner: string, amount: string}[]} holdings @param {Standing} stands @param {{owners?: boolean}} [how] */
export function holdingRows(holdings, stands, { owners = true } = {}) {
  return h("ul", { class: "rows wares" }, holdings.map((each) => h(
    "li",
    { "data-key": `${each.token}-${each.owner}-${each.item.identifier}` },
    picture(),
    owners ? account(each.owner) : h("a", { class: "whole", href: placeOfItem(each.item) }, itemName(each.item)),
    chain(stands, parted(each.token).chain),
    h("span", { class: "number" }, each.amount === "1" ? "" : `× ${amount(each.amount, 0)}`),
    h("span", { class: "kind" }, each.token === each.item.collection ? "original" : "wrapped"),
  )));
}

/** @param {any[]} purchases @param {Standing} stands */
export function purchaseRows(purchases, stands) {
  return h("ul", { class: "rows wares" }, purchases.map((each) => h(
    "li",
    { "data-key": each.id },
    picture(),
    h("a", { class: "whole", href: `#/purchase/${each.id}` }, each.item ? itemName(each.item) : short(each.id)),
    chain(stands, each.deliveryChain),
    price(each.price, stands),
    pill({ settled: "good", refunded: "warn" }[/** @type {"settled"} */ (each.state)] ?? "moving", each.state),
  )));
}

/** @param {{number: string, time: string} | null | undefined} block */
export function when(block) {
  return block ? ago(block.time) : "not mined yet";
}

