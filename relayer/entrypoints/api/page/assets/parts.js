/**
 * What every view is made of: names of chains, hashes to copy, facts, notices, skeletons.
 * @module
 */
import { h } from "./dom.js";
import { harmless, parted, reference, short } from "./words.js";

const HUES = 6;

const DRAWINGS = {
  done: "M4.5 10.5l3.5 3.5 7.5-8",
  bad: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  now: "M10 5v5.2l3.2 2",
  back: "M8 5L4 9l4 4M4 9h8a4 4 0 0 1 0 8H9",
  arrow: "M3.5 10h12M11 5.5l4.5 4.5-4.5 4.5",
  copy: "M7 7V3.5h9.5V13H13M3.5 7H13v9.5H3.5z",
  item: "M3.5 16.5v-13h13v13zM3.5 13.5l4-4 3 3 2-2 4 4M12.5 7.5h.1",
};

/** A small drawing; words stand beside it. @param {keyof typeof DRAWINGS} name */
export function drawing(name) {
  return h("svg", { viewBox: "0 0 20 20", class: `drawing ${name}`, "aria-hidden": "true" }, h("path", { d: DRAWINGS[name] }));
}

/** @param {import("./ask.js").Standing} standing @param {string} caip2 */
export function nameOf(standing, caip2) {
  return harmless(standing.chain(caip2)?.name || `chain ${reference(caip2)}`, 40);
}

/** A chain by name, always in its own colour. @param {import("./ask.js").Standing} standing @param {string} caip2 */
export function chain(standing, caip2) {
  const hue = Number(BigInt(/^\d+$/.test(reference(caip2)) ? reference(caip2) : 0) % BigInt(HUES));
  return h("span", { class: `chain hue-${hue}`, title: caip2 }, nameOf(standing, caip2));
}

/** From one chain to another. @param {import("./ask.js").Standing} standing @param {{source: string, destination: string}} ends */
export function route(standing, { source, destination }) {
  return h("span", { class: "route" }, chain(standing, source), drawing("arrow"), h("span", { class: "unseen" }, " to "), chain(standing, destination));
}

/**
 * A hash or an address: shortened where there is little room, whole for who copies it.
 * @param {string} hex @param {{to?: string, whole?: boolean}} [how]
 */
export function code(hex, { to, whole = false } = {}) {
  const said = harmless(hex, 90);
  const middle = whole ? long(said) : short(said);
  const shown = h(to ? "a" : "span", { class: "hash", href: to, title: said }, middle);
  const words = `Copy ${short(said, 4)}`;
  return h("span", { class: "code" }, shown, h("button", { type: "button", class: "copy", "data-action": "copy", "data-copy": said, "aria-label": words, title: "Copy" }, drawing("copy")));
}

/** The whole of it where there is room, its ends where there is not; machines read it once. @param {string} hex */
function long(hex) {
  return [h("span", { class: "wide" }, hex), h("span", { class: "narrow", "aria-hidden": "true" }, short(hex, 9))];
}

/** An account that leads to its page. @param {string} caip10 */
export function account(caip10) {
  const { address } = parted(caip10);
  return code(address, { to: `#/account/${address}` });
}

/** Label and value, line by line; those without a value are left out. @param {[string, import("./dom.js").Child | import("./dom.js").Child[]][]} lines */
export function facts(lines) {
  const said = lines.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, said.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
}

/** @param {string} title @param {import("./dom.js").Child[]} content @param {{id: string, aside?: import("./dom.js").Child}} how */
export function section(title, content, { id, aside }) {
  return h("section", { "aria-labelledby": id, "data-key": id }, h("div", { class: "heading" }, h("h2", { id }, title), aside && h("p", { class: "aside" }, aside)), content);
}

/** In place of what there is none of. @param {string} title @param {import("./dom.js").Child} [words] */
export function nothing(title, words) {
  return h("div", { class: "nothing" }, h("p", { class: "title" }, title), words && h("p", {}, words));
}

/** While the first answer is on its way. */
export function skeleton() {
  return [
    h("div", { class: "skeleton", "data-key": "skeleton", "aria-hidden": "true" }, h("i", { class: "line wide" }), h("i", { class: "line" }), h("i", { class: "block" }), h("i", { class: "block" })),
    h("p", { class: "unseen" }, "Loading"),
  ];
}

/** What went wrong, and what can be done about it. @param {Error & {status?: number, title?: string}} trouble */
export function failure(trouble) {
  const [title, words] = said(trouble);
  return [
    h("div", { class: "failure" }, h("h1", {}, title), h("p", {}, words), h("p", {}, h("a", { class: "button", href: "#/" }, "To the overview"))),
  ];
}

/** @param {Error & {status?: number}} trouble @returns {[string, string]} */
function said(trouble) {
  if (trouble.status === 404) return ["Nothing of this name has been seen", "It may be on its way still, or belong to another relayer. This page looks again by itself."];
  if (trouble.status === 422) return ["That is not a name of anything", "Message ids, transactions and purchases have 64 hex digits after 0x, addresses 40."];
  if (trouble.status === 503) return ["The relayer has not started yet", harmless(trouble.message, 300)];
  if (trouble.status === 429) return ["Too many questions", "The server asks for a little patience; this page tries again by itself."];
  if (trouble.status) return ["The server has trouble of its own", harmless(trouble.message, 300)];
  return ["The server does not answer", "This page tries again by itself, and goes on as soon as it does."];
}

/** Words about a state, in the tone of that state. @param {string} tone @param {import("./dom.js").Child} words */
export function pill(tone, words) {
  return h("span", { class: `pill ${tone}`, "data-notice": "" }, words);
}
