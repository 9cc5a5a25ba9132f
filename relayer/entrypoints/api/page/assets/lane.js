/**
 * One lane: its number line with every cursor, and what came last.
 * @module
 */
import { ask, Problem, standing } from "./ask.js";
import { h } from "./dom.js";
import { condition, cursors, line } from "./lanes.js";
import { account, facts, nothing, pill, route, section } from "./parts.js";
import { list } from "./transfers.js";
import { ago, count, grouped } from "./words.js";

export const title = "Lane";

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [source, destination]) {
  const [stands, { messages }] = await Promise.all([standing(signal), ask("/v1/messages?limit=100", signal)]);
  const lane = stands.lane(source, destination);
  if (!lane) throw new Problem(404, "Not Found", "");
  return { stands, lane, messages: messages.filter((/** @type {any} */ each) => each.source === source && each.destination === destination) };
}

/** @param {{stands: import("./ask.js").Standing, lane: import("./ask.js").Lane, messages: import("./stages.js").Message[]}} found */
export function render({ stands, lane, messages }) {
  const { tone, words } = condition(lane);
  return [
    h("header", { class: `lead verdict ${tone}`, "data-key": "lead" }, h("p", { class: "kind" }, "Lane"), h("h1", {}, route(stands, lane)), h("p", {}, pill(tone, words))),
    section("Number line", [h("div", { class: "large" }, line(lane), cursors(lane))], { id: "cursors" }),
    section("Ends", [
      facts([
        ["gateway there", account(lane.sourceGateway)],
        ["gateway here", account(lane.destinationGateway)],
        ["oldest waiting", lane.oldestPending && [`number ${grouped(lane.oldestPending)}`, lane.oldestPendingSince ? [", sent ", ago(lane.oldestPendingSince)] : null].flat()],
        ["setbacks", lane.setbacks ? `${count(lane.setbacks, "attempt")} since the last delivery` : "none"],
      ]),
    ], { id: "ends" }),
    section("Latest on this lane", [messages.length ? list(messages, stands) : nothing("Nothing came this way lately")], { id: "latest" }),
  ];
}
