/**
 * What has to do with one address.
 * @module
 */
import { ask, market, standing } from "./ask.js";
import { h } from "./dom.js";
import { code, nothing, section } from "./parts.js";
import { list } from "./transfers.js";

export const title = "Account";

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [address]) {
  const path = encodeURIComponent(address);
  const belongings = market ? (await import("./belongings.js")).load(signal, address) : null;
  const [stands, { messages }, owned] = await Promise.all([standing(signal), ask(`/v1/messages?account=${path}`, signal), belongings]);
  const show = owned ? (await import("./belongings.js")).render : null;
  return { stands, address, messages, owned, show };
}

/** @param {{stands: import("./ask.js").Standing, address: string, messages: import("./stages.js").Message[], owned: any, show: Function | null}} found */
export function render({ stands, address, messages, owned, show }) {
  return [
    h("header", { class: "lead", "data-key": "lead" }, h("p", { class: "kind" }, "Account"), h("h1", { class: "address" }, code(address, { whole: true }))),
    show ? show(owned, stands) : null,
    section("Transfers", [
      messages.length ? list(messages, stands) : nothing("No transfer of this account", "Messages that it sent or receives, and assets on their way to it, would be here."),
    ], { id: "transfers", aside: messages.length ? "sent, received, or naming it" : null }),
  ].flat().filter(Boolean);
}
