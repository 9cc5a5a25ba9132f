/**
 * What chains say about themselves, made harmless and readable: text, numbers, times, names.
 * @module
 */
import { h } from "./dom.js";

/** Controls, and what would turn the direction of reading or hide in it. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const LONGEST = 120;

/**
 * Text that strangers wrote: every control is shown as a replacement character, too much is cut.
 * @param {unknown} text @param {number} [most]
 */
export function harmless(text, most = LONGEST) {
  const signs = [...String(text ?? "").slice(0, most * 8).normalize("NFC").replace(HIDDEN, "\ufffd")];
  return signs.length > most ? `${signs.slice(0, most).join("")}…` : signs.join("");
}

/** The same as an element that keeps its direction to itself. @param {unknown} text @param {number} [most] */
export function stranger(text, most) {
  return h("bdi", { class: "stranger" }, harmless(text, most));
}

/** @param {string} hex @param {number} [kept] */
export function short(hex, kept = 6) {
  return hex.length <= 2 + 2 * kept + 1 ? hex : `${hex.slice(0, 2 + kept)}…${hex.slice(-kept)}`;
}

/** Decimal digits in groups of three. @param {string | number} digits */
export function grouped(digits) {
  return String(digits).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** An amount of a token's smallest unit, in the token. @param {string} units @param {number} decimals */
export function amount(units, decimals) {
  if (!/^\d{1,78}$/.test(String(units)) || !(decimals >= 0 && decimals <= 77)) return harmless(units, 80);
  const digits = String(units).padStart(decimals + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - decimals));
  const part = decimals ? digits.slice(-decimals).replace(/0+$/, "") : "";
  return part ? `${whole}.${part}` : whole;
}

/** One of, several of. @param {number} count @param {string} one @param {string} [many] */
export function count(count, one, many = `${one}s`) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

const UNITS = /** @type {[number, string][]} */ ([[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]);

/** A span of time in its largest two units. @param {number} seconds */
export function lasting(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const at = UNITS.findIndex(([size]) => whole >= size);
  if (at < 0) return "0 s";
  const [size, unit] = UNITS[at];
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((whole % size) / next[0]) : 0;
  return `${Math.floor(whole / size)}\u00a0${unit}${rest ? ` ${rest}\u00a0${next[1]}` : ""}`;
}

/** Seconds since then. @param {string} moment */
export function since(moment) {
  return (Date.now() - Date.parse(moment)) / 1000;
}

/** "12 s ago", with the moment itself for those who ask. @param {string} moment */
export function ago(moment) {
  const gone = since(moment);
  const words = gone < -1 ? `in ${lasting(-gone)}` : gone < 2 ? "just now" : `${lasting(gone)} ago`;
  return h("time", { datetime: moment, title: exact(moment) }, words);
}

/** @param {string} moment */
export function exact(moment) {
  return new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** Chain and address of a CAIP-10 account. @param {string} account @returns {{chain: string, address: string}} */
export function parted(account) {
  const cut = account.lastIndexOf(":");
  return { chain: account.slice(0, cut), address: account.slice(cut + 1) };
}

/** "3" of "eip155:3". @param {string} chain */
export function reference(chain) {
  return chain.slice(chain.indexOf(":") + 1);
}
