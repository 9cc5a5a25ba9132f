/**
 * One field for everything: what is asked for decides where to look.
 * @module
 */
import { ask, market, orElse } from "./ask.js";

/**
 * What was meant, tidied; null where it names nothing.
 * @param {string} typed
 * @returns {{kind: "hash" | "address", value: string} | null}
 */
export function meant(typed) {
  const bare = typed.trim().replace(/^eip155:\d+:/i, "");
  const value = /^[0-9a-f]+$/i.test(bare) ? `0x${bare}` : bare;
  if (/^0x[0-9a-f]{64}$/i.test(value)) return { kind: "hash", value: value.toLowerCase() };
  if (/^0x[0-9a-f]{40}$/i.test(value)) return { kind: "address", value: value.toLowerCase() };
  return null;
}

/** What is wrong with it, for whoever typed it. @param {string} typed */
export function fault(typed) {
  const digits = typed.trim().replace(/^0x/i, "");
  if (!digits) return "Type or paste a message id, a transaction, a purchase or an address.";
  if (!/^[0-9a-f]*$/i.test(digits)) return "Only hexadecimal digits can be looked for: 0 to 9 and a to f, after 0x.";
  return `That has ${digits.length} digits. Ids and transactions have 64, addresses 40.`;
}

/** The place in this page of what was found. @param {{kind: string, value: string}} wanted @param {AbortSignal} [signal] */
export async function placeOf({ kind, value }, signal) {
  if (kind === "address") return `#/account/${value}`;
  const [message, sent, found] = await Promise.all([
    named(value, signal),
    ask(`/v1/messages?transaction=${value}`, signal),
    market ? orElse(ask(`/v1/search?q=${value}`, signal), null) : null,
  ]);
  if (message) return `#/message/${value}`;
  if (found?.purchases?.length === 1) return `#/purchase/${value}`;
  if (found?.listings?.length === 1) return `#/listing/${found.listings[0].chain}/${found.listings[0].hash}`;
  if (sent.messages.length === 1) return `#/message/${sent.messages[0].id}`;
  return `#/transaction/${value}`;
}

/** @param {string} id @param {AbortSignal} [signal] */
async function named(id, signal) {
  const { messages } = await ask(`/v1/messages?id=${id}`, signal);
  return messages[0] ?? null;
}
