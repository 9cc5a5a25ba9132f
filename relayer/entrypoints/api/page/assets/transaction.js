/**
 * What one transaction has sent, or brought.
 * @module
 */
import { ask, standing } from "./ask.js";
import { h } from "./dom.js";
import { code, nothing, section } from "./parts.js";
import { list } from "./transfers.js";
import { count } from "./words.js";

export const title = "Transaction";

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [hash]) {
  const [stands, { messages }] = await Promise.all([standing(signal), ask(`/v1/messages?transaction=${encodeURIComponent(hash)}`, signal)]);
  return { stands, hash, messages };
}

/** @param {{stands: import("./ask.js").Standing, hash: string, messages: import("./stages.js").Message[]}} found */
export function render({ stands, hash, messages }) {
  const sent = messages.filter((each) => each.sourceTransaction.hash === hash.toLowerCase());
  const brought = messages.filter((each) => !sent.includes(each));
  return [
    h("header", { class: "lead", "data-key": "lead" }, h("p", { class: "kind" }, "Transaction"), h("h1", {}, summary(sent.length, brought.length)), h("p", { class: "name" }, code(hash, { whole: true }))),
    sent.length ? section("Sent by it", [list(sent, stands)], { id: "sent" }) : null,
    brought.length ? section("Brought by it", [list(brought, stands)], { id: "brought" }) : null,
    messages.length ? null : nothing("No message belongs to this transaction", "If it was sent a moment ago, its block is still to be read. This page looks again by itself."),
  ].filter(Boolean);
}

/** @param {number} sent @param {number} brought */
function summary(sent, brought) {
  if (!sent && !brought) return "Nothing of it has been seen";
  return [sent && `${count(sent, "message")} sent`, brought && `${count(brought, "message")} brought`].filter(Boolean).join(", ");
}
