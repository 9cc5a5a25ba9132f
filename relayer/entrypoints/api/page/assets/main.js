/**
 * The page: where it is, what it shows, what people do.
 * @module
 */
import { market } from "./ask.js";
import { become, h } from "./dom.js";
import { fault, meant, placeOf } from "./find.js";
import { listen, Watch } from "./live.js";
import { failure, skeleton } from "./parts.js";

/**
 * @typedef {object} View
 * @property {string} title
 * @property {(signal: AbortSignal, words: string[]) => Promise<any>} load
 * @property {(found: any) => Node[]} render
 */

/** @type {Record<string, () => Promise<any>>} */
const VIEWS = {
  "": () => import("./overview.js"),
  message: () => import("./message.js"),
  transaction: () => import("./transaction.js"),
  account: () => import("./account.js"),
  lane: () => import("./lane.js"),
  market: () => import("./market.js"),
  item: () => import("./item.js"),
  collection: () => import("./collection.js"),
  listing: () => import("./listing.js"),
  purchase: () => import("./purchase.js"),
};
const PLACES = [["", "Overview"], ...(market ? [["market", "Market"]] : [])];

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const content = byId("content");
const query = /** @type {HTMLInputElement} */ (byId("query"));

/** @type {Watch | null} */
let watch = null;
let visits = 0;

/** Show what the address names. */
async function go() {
  const [name, ...words] = location.hash.replace(/^#\/?/, "").split("/").map(decoded);
  const visit = ++visits;
  watch?.stop();
  watch = null;
  places(name);
  const known = Object.hasOwn(VIEWS, name);
  content.setAttribute("aria-busy", "true");
  const patience = setTimeout(() => become(content, skeleton()), visit === 1 ? 0 : 150);
  try {
    const view = await VIEWS[known ? name : ""]();
    if (visit !== visits) return;
    let first = true;
    const settle = (/** @type {Node[]} */ nodes) => {
      clearTimeout(patience);
      become(content, nodes);
      content.setAttribute("aria-busy", "false");
      if (first) arrive(view.title, visit > 1);
      else whisper();
      first = false;
    };
    watch = new Watch(
      (signal) => view.load(signal, words),
      (found) => settle(view.render(found)),
      (trouble) => (first || /** @type {any} */ (trouble).status === 404) && settle(failure(trouble)),
    );
  } catch (trouble) {
    clearTimeout(patience);
    become(content, failure(/** @type {Error} */ (trouble)));
  }
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A new place: its title is said, reading begins at its top. @param {string} title @param {boolean} moved */
function arrive(title, moved) {
  document.title = title === "Overview" ? "Lockkeeper" : `${title} · Lockkeeper`;
  if (!moved) return whisper();
  scrollTo(0, 0);
  content.focus({ preventScroll: true });
  whisper();
}

/** Tell those who cannot see it that what they wait for has changed. */
function whisper() {
  const words = content.querySelector("[data-said]")?.getAttribute("data-said") ?? "";
  const settled = words.replace(/\d+/g, "");
  const said = byId("said");
  if (said.dataset.last === settled) return;
  said.dataset.last = settled;
  said.textContent = words;
}

/** @param {string} current */
function places(current) {
  become(byId("places"), PLACES.length > 1 ? [h("ul", {}, PLACES.map(([name, words]) => h("li", {}, h("a", { href: `#/${name}`, "aria-current": name === current ? "page" : null }, words))))] : []);
}

/** @param {string} words */
function faulty(words) {
  byId("query-fault").textContent = words;
  if (words) query.setAttribute("aria-invalid", "true");
  else query.removeAttribute("aria-invalid");
}

byId("search").addEventListener("submit", async (event) => {
  event.preventDefault();
  const wanted = meant(query.value);
  if (!wanted) {
    faulty(fault(query.value));
    return query.focus();
  }
  faulty("");
  byId("search").setAttribute("aria-busy", "true");
  try {
    const place = await placeOf(wanted);
    if (location.hash === place) go();
    location.hash = place;
    query.value = "";
  } catch (trouble) {
    faulty(/** @type {Error} */ (trouble).message);
  } finally {
    byId("search").removeAttribute("aria-busy");
  }
});
query.addEventListener("input", () => faulty(""));

document.addEventListener("click", async (event) => {
  const doer = /** @type {Element} */ (event.target).closest("[data-action]");
  if (!(doer instanceof HTMLElement)) return;
  if (doer.dataset.action === "skip") {
    event.preventDefault();
    content.focus();
  }
  if (doer.dataset.action === "copy") await copy(doer);
});

/** @param {HTMLElement} button */
async function copy(button) {
  let words = "Copied";
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
  } catch {
    words = "This browser did not allow copying";
  }
  byId("said").textContent = words;
  button.setAttribute("data-own-copied", "");
  setTimeout(() => button.removeAttribute("data-own-copied"), 1200);
}

document.addEventListener("keydown", (event) => {
  const typing = /** @type {Element} */ (event.target).matches?.("input, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    query.focus();
    query.select();
  } else if (event.key === "Escape" && event.target === query) {
    query.value = "";
    faulty("");
    query.blur();
  }
});

addEventListener("hashchange", go);
go();
listen();
