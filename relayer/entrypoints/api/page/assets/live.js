/**
 * Staying up to date: questions asked again while somebody looks, sooner while things move.
 * @module
 */
import { market } from "./ask.js";

const QUICK = 1000;
const QUIET = 4000;
const LONGEST = 15_000;
/** After so many answers without news the questions become rarer. */
const CALM = 12;

/** @typedef {"starting" | "live" | "offline" | "paused"} State */

const badge = /** @type {HTMLElement} */ (document.getElementById("live"));
const word = /** @type {HTMLElement} */ (badge.querySelector(".word"));

/** @param {State} state */
function show(state) {
  if (badge.dataset.state === state) return;
  badge.dataset.state = state;
  word.textContent = state;
  badge.title = { starting: "", live: "Up to date", offline: "The server does not answer; trying again", paused: "Waits until you look" }[state];
}

/** Load again and again. Ends when `stop` is called. */
export class Watch {
  /**
   * @param {(signal: AbortSignal) => Promise<unknown>} load
   * @param {(found: any) => void} arrived called with every answer that says something new
   * @param {(trouble: Error) => void} failed
   */
  constructor(load, arrived, failed) {
    this.load = load;
    this.arrived = arrived;
    this.failed = failed;
    this.ended = new AbortController();
    this.last = "";
    this.same = 0;
    this.faults = 0;
    this.timer = 0;
    this.asking = false;
    this.wake = () => this.#again(0);
    for (const event of ["visibilitychange", "online", "lockkeeper:news"]) document.addEventListener(event, this.wake);
    addEventListener("online", this.wake);
    this.#again(0);
  }

  stop() {
    this.ended.abort();
    clearTimeout(this.timer);
    for (const event of ["visibilitychange", "online", "lockkeeper:news"]) document.removeEventListener(event, this.wake);
    removeEventListener("online", this.wake);
  }

  /** @param {number} delay */
  #again(delay) {
    clearTimeout(this.timer);
    if (!this.ended.signal.aborted) this.timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    if (this.asking) return;
    if (document.hidden) return show("paused");
    this.asking = true;
    try {
      const found = await this.load(this.ended.signal);
      this.#heard(found);
    } catch (trouble) {
      if (this.ended.signal.aborted) return;
      this.faults += 1;
      const silent = !("status" in /** @type {object} */ (trouble)) || /** @type {any} */ (trouble).status >= 500;
      show(silent ? "offline" : "live");
      this.last = "";
      this.failed(/** @type {Error} */ (trouble));
    } finally {
      this.asking = false;
    }
    this.#again(this.#delay());
  }

  /** @param {unknown} found */
  #heard(found) {
    if (this.ended.signal.aborted) return;
    const told = JSON.stringify(found);
    this.same = told === this.last ? this.same + 1 : 0;
    this.last = told;
    this.faults = 0;
    show("live");
    this.arrived(found);
  }

  #delay() {
    if (this.faults) return Math.min(LONGEST, QUICK * 2 ** Math.min(this.faults - 1, 4));
    return this.same > CALM ? QUIET : QUICK;
  }
}

const KINDS = ["listed", "cancelled", "opened", "sold", "refused", "settled", "refunded", "withdrawn", "transferred", "sent", "arrived", "bounced"];

/**
 * Where there is a market, its events say that something has happened before the next question would.
 * Only while somebody looks: browsers give a server few connections, and a stream holds one.
 */
export function listen() {
  if (!market) return;
  /** @type {EventSource | null} */
  let events = null;
  let pending = 0;
  const news = () => {
    clearTimeout(pending);
    pending = setTimeout(() => document.dispatchEvent(new Event("lockkeeper:news")), 100);
  };
  const close = () => {
    events?.close();
    events = null;
  };
  const look = () => {
    if (document.hidden) return close();
    if (events) return;
    events = new EventSource("/v1/events");
    for (const kind of KINDS) events.addEventListener(kind, news);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", close);
  addEventListener("pageshow", look);
  look();
}
