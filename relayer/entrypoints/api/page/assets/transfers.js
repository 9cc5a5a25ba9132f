/**
 * Messages in a list.
 * @module
 */
import { h } from "./dom.js";
import { drawing, pill, route } from "./parts.js";
import { label, tone } from "./stages.js";
import { ago, short } from "./words.js";

/** @typedef {import("./stages.js").Message} Message */

const SIGNS = /** @type {const} */ ({ good: "done", bad: "bad", warn: "back", moving: "now" });

/** @param {Message[]} messages @param {import("./ask.js").Standing} standing */
export function list(messages, standing) {
  return h("ul", { class: "rows transfers" }, messages.map((message) => entry(message, standing)));
}

/** @param {Message} message @param {import("./ask.js").Standing} standing */
function entry(message, standing) {
  const feeling = tone(message);
  return h(
    "li",
    { "data-key": message.id, class: feeling },
    h("span", { class: `sign ${feeling}` }, drawing(SIGNS[feeling])),
    h("a", { class: "whole", href: `#/message/${message.id}`, "aria-label": `Message ${message.nonce}, ${short(message.id, 4)}` }, route(standing, message)),
    h("span", { class: "hash" }, short(message.id)),
    pill(feeling, message.returns ? `return, ${label(message)}` : label(message)),
    h("span", { class: "when" }, message.sourceTransaction.block ? ago(message.sourceTransaction.block.time) : ""),
  );
}
