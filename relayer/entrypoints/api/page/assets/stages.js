/**
 * Where a message stands, in the words of somebody who waits for it.
 * @module
 */
import { count, lasting, since } from "./words.js";
import { nameOf } from "./parts.js";

/**
 * @typedef {import("./ask.js").Standing} Standing
 * @typedef {{number: string, hash: string, time: string}} Block
 * @typedef {object} Message
 * @property {string} id
 * @property {string} source
 * @property {string} destination
 * @property {string} nonce
 * @property {string} stage
 * @property {string} sender
 * @property {string} recipient
 * @property {string} fee
 * @property {string} gasLimit
 * @property {string | null} deadline
 * @property {boolean} bounces
 * @property {number} payloadLength
 * @property {{hash: string, block: Block | null}} sourceTransaction
 * @property {{hash: string, block: Block | null} | null} destinationTransaction
 * @property {string | null} relayer
 * @property {{height: string, attestations: number | null} | null} proof
 * @property {[string, string] | null} batch
 * @property {string | null} gasUsed
 * @property {string | null} returns
 * @property {string | null} returnedAs
 *
 * @typedef {"moving" | "good" | "warn" | "bad"} Tone
 * @typedef {{tone: Tone, label: string, title: string, words: string}} Said
 */

/** Longer than this, and people wonder. */
const LONG = 600;

const LABELS = {
  seen: "sent",
  final: "final at source",
  submitted: "being delivered",
  executed: "arrived",
  settled: "delivered",
  failed: "failed",
  retried: "delivered, second try",
  bounced: "sent back",
  expired: "expired",
  expressed: "delivered early",
};

/** @type {Record<string, Tone>} */
const TONES = { settled: "good", retried: "good", expressed: "good", executed: "good", failed: "bad", expired: "bad", bounced: "warn" };

/** @param {{stage: string}} message @returns {Tone} */
export function tone({ stage }) {
  return TONES[stage] ?? "moving";
}

/** @param {{stage: string}} message */
export function label({ stage }) {
  return LABELS[/** @type {keyof typeof LABELS} */ (stage)] ?? stage;
}

/** Whether nothing more will happen by itself. @param {{stage: string}} message */
export function over({ stage }) {
  return ["settled", "retried", "bounced", "expired"].includes(stage);
}

/** What has become of a message, and what it waits for. @param {Message} message @param {Standing} standing @returns {Said} */
export function told(message, standing) {
  const [title, words] = (SAYINGS[message.stage] ?? unknown)(message, standing);
  return { tone: tone(message), label: label(message), title, words };
}

/** @type {Record<string, (message: Message, standing: Standing) => [string, string]>} */
const SAYINGS = {
  seen(message, standing) {
    const from = nameOf(standing, message.source);
    return [`Waiting for ${from}`, `${finality(message.sourceTransaction.block, message.source, standing)}${blocked(message, standing)}`];
  },
  final(message, standing) {
    const [from, to] = [nameOf(standing, message.source), nameOf(standing, message.destination)];
    const lane = standing.lane(message.source, message.destination);
    const ahead = lane ? Number(BigInt(message.nonce) - BigInt(lane.submitted) - 1n) : 0;
    const queue = ahead > 0 ? ` ${count(ahead, "message goes", "messages go")} first.` : "";
    const trouble = blocked(message, standing);
    return [`Waiting to be carried to ${to}`, trouble ? trouble.trim() : `Final on ${from}. A proof of it is being prepared.${queue}${slow(message)}`];
  },
  submitted(message, standing) {
    const to = nameOf(standing, message.destination);
    return [`On its way to ${to}`, `Its proof is in a transaction, which waits for a block of ${to}.${slow(message)}${blocked(message, standing)}`];
  },
  executed(message, standing) {
    const block = message.destinationTransaction?.block ?? null;
    return [`Arrived on ${nameOf(standing, message.destination)}`, `Delivered and executed. ${finality(block, message.destination, standing)}`];
  },
  settled: (message, standing) => [`Delivered on ${nameOf(standing, message.destination)}`, `Executed, and final there. It took ${taken(message)}.`],
  retried: (message, standing) => [`Delivered on ${nameOf(standing, message.destination)}`, "Its recipient refused it at first. It was tried again, and went through."],
  expressed: (message, standing) => [`Delivered early on ${nameOf(standing, message.destination)}`, "Somebody proved it alone, ahead of the messages before it."],
  failed(message, standing) {
    const way = message.bounces
      ? ` ${message.deadline ? "After its deadline" : "A day after it failed"} anyone may also send it back.`
      : "";
    return [`Failed: anyone may retry`, `It was delivered on ${nameOf(standing, message.destination)}, but its recipient refused it, and it had no effect. Anyone may try again, with more gas if need be.${way}`];
  },
  bounced: (message, standing) => [`Sent back to ${nameOf(standing, message.source)}`, `It could not be executed and had no effect on ${nameOf(standing, message.destination)}. It returns to whoever sent it.`],
  expired: (message, standing) => [`Expired without effect`, `It reached ${nameOf(standing, message.destination)} after its deadline. It was not executed and never will be.`],
};

/** @param {Message} message @returns {[string, string]} */
function unknown(message) {
  return [label(message), ""];
}

/**
 * What is still missing until a block is final.
 * @param {Block | null} block @param {string} chain @param {Standing} standing
 */
export function finality(block, chain, standing) {
  const name = nameOf(standing, chain);
  const read = standing.chain(chain);
  if (!block) return `Waiting for a block of ${name}.`;
  if (!read || BigInt(read.final) >= BigInt(block.number)) return `Block ${block.number} of ${name} is final; this is being noted.`;
  return `Waiting for block ${block.number} of ${name} to be final. Blocks up to ${read.final} are; the newest is ${read.head.number}.`;
}

/** @param {Message} message @param {Standing} standing */
function blocked(message, standing) {
  const lane = standing.lane(message.source, message.destination);
  if (lane?.halted) return ` The relayer has stopped this lane: ${lane.halted}. Another relayer may still deliver it.`;
  if (lane && lane.setbacks > 0) return ` ${count(lane.setbacks, "attempt has", "attempts have")} come to nothing; it is being tried again.`;
  return "";
}

/** @param {Message} message */
function slow(message) {
  const waited = message.sourceTransaction.block ? since(message.sourceTransaction.block.time) : 0;
  return waited > LONG ? ` It has been waiting for ${lasting(waited)}, which is long.` : "";
}

/** From block to block. @param {Message} message */
export function taken(message) {
  const [sent, come] = [message.sourceTransaction.block, message.destinationTransaction?.block];
  if (!sent || !come) return "a while";
  const seconds = (Date.parse(come.time) - Date.parse(sent.time)) / 1000;
  return seconds < 1 ? "less than a second" : lasting(seconds);
}
