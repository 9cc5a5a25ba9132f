/**
 * Lanes as what they are: cursors on a line of numbers.
 * @module
 */
import { h } from "./dom.js";
import { route } from "./parts.js";
import { count, grouped, harmless, lasting, since } from "./words.js";

/** @typedef {import("./ask.js").Lane} Lane @typedef {import("./ask.js").Standing} Standing */

/** The line's end that is shown: at least so many numbers. */
const LEAST = 16n;
const PARTS = /** @type {const} */ (["settled", "included", "submitted", "final", "seen"]);
const MEANINGS = {
  settled: "delivered, final",
  included: "delivered",
  submitted: "being delivered",
  final: "final at source",
  seen: "sent",
};

/** Messages that have not arrived. @param {Lane} lane */
export function backlog(lane) {
  const waiting = BigInt(lane.seen) - BigInt(lane.included);
  return waiting > 0n ? Number(waiting) : 0;
}

/** @param {Lane} lane @returns {{tone: string, words: string}} */
export function condition(lane) {
  const waiting = backlog(lane);
  if (lane.halted) return { tone: "bad", words: `Stopped: ${harmless(lane.halted, 200)}` };
  if (!waiting) {
    const unsure = BigInt(lane.included) - BigInt(lane.settled);
    if (unsure > 0n) return { tone: "moving", words: `${count(Number(unsure), "delivery")} not final yet` };
    return { tone: "calm", words: lane.seen === "0" ? "Nothing sent yet" : "All delivered" };
  }
  const waited = lane.oldestPendingSince ? since(lane.oldestPendingSince) : 0;
  const words = `${count(waiting, "message")} under way${waited >= 1 ? `, oldest for ${lasting(waited)}` : ""}`;
  if (lane.setbacks) return { tone: "warn", words: `${words}; ${count(lane.setbacks, "attempt")} failed` };
  return { tone: waited > 600 ? "warn" : "moving", words: waited > 600 ? `Stalled: ${words}` : words };
}

/** The newest part of the number line, in as many colours as there are stages. @param {Lane} lane */
export function line(lane) {
  const seen = BigInt(lane.seen);
  const lowest = BigInt(lane.settled) < seen ? BigInt(lane.settled) : seen;
  const open = seen - lowest;
  const window = open * 5n / 4n > LEAST ? open * 5n / 4n : LEAST;
  const start = seen > window ? seen - window : 0n;
  const share = (/** @type {bigint} */ upto) => upto <= start ? 0 : Math.min(1, Number(upto - start) / Number(seen - start));
  const words = PARTS.map((part) => `${MEANINGS[part]} up to ${lane[part]}`).join(", ");
  let behind = 0;
  const bars = PARTS.map((part) => {
    const reached = Math.max(behind, share(BigInt(lane[part])));
    const bar = h("i", { class: `bar ${part}`, vars: { from: behind, size: reached - behind } });
    behind = reached;
    return bar;
  });
  return h("div", { class: "line", role: "img", "aria-label": `Messages ${words}` }, bars);
}

/** Every cursor with its number. @param {Lane} lane */
export function cursors(lane) {
  return h("dl", { class: "cursors" }, [...PARTS].map((part) => h("div", { class: part }, h("dt", {}, MEANINGS[part]), h("dd", { "data-notice": "" }, grouped(lane[part])))));
}

/** A lane in one row. @param {Lane} lane @param {Standing} standing */
export function row(lane, standing) {
  const { tone, words } = condition(lane);
  const place = `#/lane/${lane.source}/${lane.destination}`;
  return h(
    "li",
    { class: `lane ${tone}`, "data-key": `${lane.source}-${lane.destination}` },
    h("a", { href: place, class: "whole" }, route(standing, lane)),
    line(lane),
    h("p", { class: "figures" }, h("span", { class: "number", "data-notice": "" }, `${grouped(lane.included)} of ${grouped(lane.seen)}`), h("span", { class: `condition ${tone}` }, words)),
  );
}
