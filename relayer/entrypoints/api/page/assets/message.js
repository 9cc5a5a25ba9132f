/**
 * One message: where it is, what it waits for, each step with its proof.
 * @module
 */
import { ask, orElse, standing } from "./ask.js";
import { h } from "./dom.js";
import { account, code, drawing, facts, nameOf, pill, route, section } from "./parts.js";
import { finality, taken, told } from "./stages.js";
import { ago, amount, count, exact, grouped } from "./words.js";

/** @typedef {import("./stages.js").Message} Message @typedef {import("./ask.js").Standing} Standing */
/** @typedef {{state: "done" | "now" | "todo" | "bad" | "back", title: string, when?: string | null, lines?: [string, any][], words?: string}} Step */

export const title = "Transfer";

const BEFORE = ["seen", "final", "submitted"];
const ETHER = 18;

/** @param {AbortSignal} signal @param {string[]} words */
export async function load(signal, [id]) {
  const [message, stands] = await Promise.all([ask(`/v1/messages/${encodeURIComponent(id)}`, signal), standing(signal)]);
  const other = message.returnedAs ?? message.returns;
  const partner = other ? await orElse(ask(`/v1/messages/${other}`, signal), null) : null;
  return { message, partner, stands };
}

/** @param {{message: Message, partner: Message | null, stands: Standing}} found */
export function render({ message, partner, stands }) {
  const said = told(message, stands);
  return [
    h(
      "header",
      { class: `lead verdict ${said.tone}`, "data-key": "lead" },
      h("p", { class: "kind" }, message.returns ? "Return of a transfer" : "Transfer", " ", route(stands, message)),
      h("h1", { "data-notice": "" }, said.title),
      h("p", { "data-said": `${said.title}. ${said.words}` }, said.words),
      h("p", { class: "name" }, h("span", { class: "label" }, "message"), code(message.id, { whole: true })),
    ),
    partner && companion(message, partner, stands),
    section("Its way", [h("ol", { class: "steps" }, journey(message, stands).map(step))], { id: "way" }),
    section("Terms", [terms(message, stands)], { id: "terms" }),
  ].filter(Boolean);
}

/** The message that this one has gone back as, or has come back from. @param {Message} message @param {Message} partner @param {Standing} stands */
function companion(message, partner, stands) {
  const said = told(partner, stands);
  const words = message.returnedAs ? "It goes back as another message." : "This brings back another message that had no effect.";
  return h(
    "aside",
    { class: "companion", "data-key": "companion" },
    drawing("back"),
    h("div", {}, h("p", {}, words), h("p", {}, route(stands, partner), " ", pill(said.tone, said.label)), h("p", {}, h("a", { href: `#/message/${partner.id}` }, message.returnedAs ? "Follow the return" : "See the original"))),
  );
}

/** @param {Step} each */
function step({ state, title: name, when, lines = [], words }) {
  const states = { done: "done", now: "under way", todo: "still to come", bad: "failed", back: "sent back" };
  return h(
    "li",
    { class: state, "aria-current": state === "now" ? "step" : null },
    h("span", { class: "sign" }, state === "todo" ? null : drawing(state)),
    h("div", {}, h("h3", {}, name, h("span", { class: "unseen" }, `, ${states[state]}`), when ? h("span", { class: "when" }, ago(when)) : null), words && h("p", {}, words), lines.length ? facts(lines) : null),
  );
}

/** @param {Message} message @param {Standing} stands @returns {Step[]} */
function journey(message, stands) {
  return [sent(message, stands), final(message, stands), proven(message, stands), ...arrived(message, stands)];
}

/** @param {Message} message @param {Standing} stands @returns {Step} */
function sent(message, stands) {
  const { hash, block } = message.sourceTransaction;
  return {
    state: "done",
    title: `Sent on ${nameOf(stands, message.source)}`,
    when: block?.time,
    lines: [["block", block && grouped(block.number)], ["transaction", code(hash, { to: `#/transaction/${hash}` })]],
  };
}

/** @param {Message} message @param {Standing} stands @returns {Step} */
function final(message, stands) {
  const name = nameOf(stands, message.source);
  if (message.stage !== "seen") return { state: "done", title: `Final on ${name}` };
  return { state: "now", title: `To be final on ${name}`, words: finality(message.sourceTransaction.block, message.source, stands) };
}

/** @param {Message} message @param {Standing} stands @returns {Step} */
function proven(message, stands) {
  const name = nameOf(stands, message.source);
  const waits = BEFORE.slice(0, 2).includes(message.stage);
  if (waits) return { state: message.stage === "final" ? "now" : "todo", title: `To be proven by a header of ${name}` };
  const { proof, batch } = message;
  /** @type {[string, any][]} */
  const lines = [
    ["header", proof && `block ${grouped(proof.height)} of ${name}`],
    ["vouched for by", proof?.attestations ? count(proof.attestations, "attestation or seal", "attestations or seals") : null],
    ["messages", batch && (batch[0] === batch[1] ? `number ${grouped(batch[0])} alone` : `numbers ${grouped(batch[0])} to ${grouped(batch[1])} together`)],
  ];
  const words = proof || BEFORE.includes(message.stage) ? undefined : "Another relayer brought the proof; the light client has verified it all the same.";
  return { state: "done", title: `Proven by a header of ${name}`, lines, words };
}

/** @param {Message} message @param {Standing} stands @returns {Step[]} */
function arrived(message, stands) {
  const name = nameOf(stands, message.destination);
  const come = message.destinationTransaction;
  const place = come ? code(come.hash, { to: `#/transaction/${come.hash}` }) : null;
  if (BEFORE.includes(message.stage)) {
    const going = message.stage === "submitted";
    return [
      { state: going ? "now" : "todo", title: `To arrive on ${name}`, words: going ? "The transaction is sent, and waits for a block." : undefined, lines: place ? [["transaction", place]] : [] },
      { state: "todo", title: `To be final on ${name}` },
    ];
  }
  /** @type {[string, any][]} */
  const lines = [
    ["block", come?.block && grouped(come.block.number)],
    ["transaction", place],
    ["relayer", message.relayer && account(message.relayer)],
    ["gas", message.gasUsed && `${grouped(message.gasUsed)} for the whole transaction`],
  ];
  const [state, verb, words] = OUTCOMES[message.stage] ?? ["done", "Executed", undefined];
  return [{ state, title: `${verb} on ${name}`, when: come?.block?.time, lines, words }, ...ending(message, stands)];
}

/** @type {Record<string, ["done" | "bad" | "back", string, string | undefined]>} */
const OUTCOMES = {
  failed: ["bad", "Refused by its recipient", "Without effect. Anyone may retry it, with more gas if need be."],
  retried: ["done", "Executed at the second try", undefined],
  bounced: ["back", "Sent back", "Without effect; whoever sent it is told."],
  expired: ["bad", "Came after its deadline", "Not executed, now or ever."],
  expressed: ["done", "Executed ahead of its turn", undefined],
};

/** @param {Message} message @param {Standing} stands @returns {Step[]} */
function ending(message, stands) {
  const name = nameOf(stands, message.destination);
  if (message.stage === "settled") return [{ state: "done", title: `Final on ${name}`, words: `From block to block it took ${taken(message)}.` }];
  if (message.stage !== "executed") return [];
  return [{ state: "now", title: `To be final on ${name}`, words: finality(message.destinationTransaction?.block ?? null, message.destination, stands) }];
}

/** @param {Message} message @param {Standing} stands */
function terms(message, stands) {
  const lane = h("a", { href: `#/lane/${message.source}/${message.destination}` }, `number ${grouped(message.nonce)} of its lane`);
  return facts([
    ["sender", account(message.sender)],
    ["recipient", account(message.recipient)],
    ["place", lane],
    ["fee", message.fee === "0" ? "none" : `${amount(message.fee, ETHER)} coin of ${nameOf(stands, message.source)}`],
    ["gas limit", grouped(message.gasLimit)],
    ["deadline", message.deadline ? exact(message.deadline) : "none"],
    ["if it fails", message.returns ? "it can be retried for ever" : message.bounces ? "it comes back to its sender" : "it can be retried"],
    ["payload", count(message.payloadLength, "byte")],
  ]);
}
