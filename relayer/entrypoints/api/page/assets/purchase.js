/**
 * One purchase on its two levels: whose the money is, and what everything waits for.
 * @module
 */
import { ask, standing } from "./ask.js";
import { h } from "./dom.js";
import { itemName, learnTokens, picture, placeOfItem, price } from "./goods.js";
import { account, chain, code, drawing, facts, nameOf, nothing, section } from "./parts.js";
import { ago, amount, exact, grouped, harmless } from "./words.js";

export const title = "Purchase";

/** @type {Record<string, (buy: any, name: (chain: string) => string) => [string, string, string]>} */
const SAYINGS = {
  asked: (buy, name) => ["moving", "Asked for", `The price is in escrow on ${name(buy.paymentChain)}. The order is on its way to ${name(buy.listing.chain)}.`],
  fulfilled: (buy, name) => ["moving", "Bought; being paid", `The item was handed over on ${name(buy.listing.chain)}. Word of it is on its way to ${name(buy.paymentChain)}, where everybody is paid.`],
  refused: (buy, name) => ["warn", "Refused; money on its way back", `The sale was refused on ${name(buy.listing.chain)}. The price goes back to the buyer on ${name(buy.paymentChain)}.`],
  failed: (buy, name) => ["bad", "Failed: anyone may retry", `The order could not be carried out on ${name(buy.listing.chain)} yet. It is tried again, or comes back after its deadline with the money.`],
  delivering: (buy, name) => ["moving", "Paid; on its way", `Everybody is paid. The item is on its way to ${name(buy.deliveryChain)}.`],
  done: (buy, name) => buy.state === "refunded" ? ["warn", "Refunded", `The buyer has the money back on ${name(buy.paymentChain)}.`] : ["good", "Bought and paid", `The item is with its recipient on ${name(buy.deliveryChain)}, and everybody is paid.`],
};
const MONEY = { open: "in escrow", settled: "paid out to everybody", refunded: "back with the buyer" };

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [id]) {
  const [stands, purchase] = await Promise.all([standing(signal), ask(`/v1/purchases/${encodeURIComponent(id)}`, signal), learnTokens(signal)]);
  return { stands, purchase };
}

/** @param {{stands: import("./ask.js").Standing, purchase: any}} found */
export function render({ stands, purchase: buy }) {
  const [tone, headline, words] = (SAYINGS[buy.step] ?? SAYINGS.asked)(buy, (caip2) => nameOf(stands, caip2));
  const paid = (/** @type {string} */ units) => price({ ...buy.price, amount: units }, stands);
  return [
    h(
      "header",
      { class: `lead verdict ${tone}`, "data-key": "lead" },
      h("p", { class: "kind" }, "Purchase", buy.item && h("a", { href: placeOfItem(buy.item) }, itemName(buy.item))),
      h("h1", { "data-notice": "" }, headline),
      h("p", { "data-said": `${headline}. ${words}` }, words, buy.reason ? ` The reason: ${harmless(buy.reason, 100)}.` : ""),
      h("p", { class: "name" }, h("span", { class: "label" }, "purchase"), code(buy.id, { whole: true })),
    ),
    section("Its way", [h("ol", { class: "steps" }, way(buy, stands).map(step))], { id: "way" }),
    section("Money", [facts([
      ["price", price(buy.price, stands)],
      ["it is", MONEY[/** @type {keyof typeof MONEY} */ (buy.state)] ?? buy.state],
      ...buy.receipts.map((/** @type {any} */ each) => /** @type {[string, any]} */ ([each.kind, [paid(each.amount), " to ", account(each.account)]])),
    ])], { id: "money" }),
    section("Terms", [facts([
      ["buyer", account(buy.buyer)],
      ["recipient", account(buy.recipient)],
      ["delivered on", chain(stands, buy.deliveryChain)],
      ["units", amount(buy.units, 0)],
      ["deadline", exact(buy.deadline)],
      ["listing", code(buy.listing.hash, { to: `#/listing/${buy.listing.chain}/${buy.listing.hash}` })],
    ])], { id: "terms" }),
    section("Messages", [buy.messages.length ? h("ul", { class: "rows credits" }, buy.messages.map((/** @type {string} */ id) => h("li", {}, code(id, { to: `#/message/${id}` })))) : nothing("None: everything happens on one chain")], { id: "messages" }),
  ];
}

/** @param {any} buy @param {import("./ask.js").Standing} stands */
function way(buy, stands) {
  const { opened, answered, ended, delivered } = buy.transactions;
  const refused = ["refused"].includes(buy.step) || buy.state === "refunded";
  const steps = [
    { name: `Paid into escrow on ${nameOf(stands, buy.paymentChain)}`, transaction: opened },
    { name: `${refused ? "Refused" : answered ? "Handed over" : "To be handed over"} on ${nameOf(stands, buy.listing.chain)}`, transaction: answered, bad: refused || buy.step === "failed" },
    { name: `${ended ? (refused ? "Refunded" : "Everybody paid") : refused ? "To be refunded" : "Everybody to be paid"} on ${nameOf(stands, buy.paymentChain)}`, transaction: ended, bad: refused },
  ];
  if (!refused) steps.push({ name: `${delivered ? "Delivered" : "To be delivered"} on ${nameOf(stands, buy.deliveryChain)}`, transaction: delivered, bad: false });
  const waits = steps.findIndex((each) => !each.transaction);
  return steps.map((each, place) => ({ ...each, state: each.transaction ? (each.bad ? "back" : "done") : place === waits && buy.step !== "done" ? "now" : "todo" }));
}

/** @param {any} each */
function step({ name, transaction, state }) {
  return h(
    "li",
    { class: state, "aria-current": state === "now" ? "step" : null },
    h("span", { class: "sign" }, state === "todo" ? null : drawing(state)),
    h("div", {}, h("h3", {}, name, transaction?.block ? h("span", { class: "when" }, ago(transaction.block.time)) : null), transaction ? facts([["transaction", code(transaction.hash, { to: `#/transaction/${transaction.hash}` })], ["block", transaction.block && grouped(transaction.block.number)]]) : null),
  );
}
