/**
 * Everything at a glance: is all well, how far are chains and lanes, what came last.
 * @module
 */
import { ask, standing } from "./ask.js";
import { h } from "./dom.js";
import { backlog, condition, row } from "./lanes.js";
import { chain, nothing, section } from "./parts.js";
import { list } from "./transfers.js";
import { ago, count, grouped, since } from "./words.js";

export const title = "Overview";

/** A head older than this, and its chain, or our view of it, stands still. */
const STALE = 120;

/** @param {AbortSignal} signal */
export async function load(signal) {
  const [stands, { messages }] = await Promise.all([standing(signal), ask("/v1/messages?limit=15", signal)]);
  return { stands, messages };
}

/** @param {{stands: import("./ask.js").Standing, messages: import("./stages.js").Message[]}} found */
export function render({ stands, messages }) {
  const [headline, words] = summary(stands, messages);
  return [
    h("header", { class: "lead", "data-key": "lead" }, h("h1", {}, headline), h("p", {}, words)),
    section("Chains", [h("ul", { class: "chains" }, stands.chains.map((each) => card(each, stands)))], { id: "chains" }),
    section("Lanes", [legend(), h("ul", { class: "lanes" }, stands.lanes.map((lane) => row(lane, stands)))], { id: "lanes", aside: "delivered of sent" }),
    section("Latest transfers", [messages.length ? list(messages, stands) : nothing("No transfer yet", "The first one appears here as soon as the relayer sees it.")], { id: "latest" }),
  ];
}

/** @param {import("./ask.js").Standing} stands @param {import("./stages.js").Message[]} messages @returns {[string, string]} */
function summary(stands, messages) {
  const failed = messages.filter((message) => message.stage === "failed").length;
  const stopped = stands.lanes.filter((lane) => lane.halted).length;
  const stalled = stands.lanes.filter((lane) => ["bad", "warn"].includes(condition(lane).tone)).length;
  const waiting = stands.lanes.reduce((sum, lane) => sum + backlog(lane), 0);
  const delivered = stands.lanes.reduce((sum, lane) => sum + BigInt(lane.included), 0n);
  const words = `${count(stands.chains.length, "chain")}, ${count(stands.lanes.length, "lane")}, ${grouped(String(delivered))} delivered. Each delivery is proven by the chain it comes from.`;
  if (!stands.chains.length) return ["Nothing has been read yet", "The relayer has just started. Chains appear as soon as they answer it."];
  if (stopped) return [`${count(stopped, "lane has", "lanes have")} stopped`, words];
  if (stalled) return [`${count(stalled, "lane needs", "lanes need")} longer than usual`, words];
  if (waiting) return [`${count(waiting, "transfer is", "transfers are")} under way`, words];
  if (failed) return ["Every transfer has arrived", `${words} ${count(failed, "recent one was", "recent ones were")} refused by the recipient; anyone may retry.`];
  return ["Every transfer has arrived", words];
}

/** @param {import("./ask.js").Chain} each @param {import("./ask.js").Standing} stands */
function card(each, stands) {
  const behind = BigInt(each.head.number) - BigInt(each.final);
  const stale = since(each.head.time) > STALE;
  return h(
    "li",
    { class: "card", "data-key": each.chain },
    h("h3", {}, chain(stands, each.chain)),
    h("dl", {}, h("div", {}, h("dt", {}, "newest block"), h("dd", { class: "number" }, grouped(each.head.number))), h("div", {}, h("dt", {}, "final"), h("dd", { class: "number" }, grouped(each.final)))),
    h("p", { class: stale ? "warn" : "" }, stale ? "No new block: " : "", ago(each.head.time), behind > 0n ? `, ${count(Number(behind), "block")} to finality` : ", final at once"),
  );
}

function legend() {
  const parts = [["settled", "delivered"], ["submitted", "being delivered"], ["final", "final at source"], ["seen", "sent"]];
  return h("p", { class: "legend", "aria-hidden": "true" }, parts.map(([part, words]) => h("span", { class: part }, words)));
}
