/**
 * Questions to the API, and whether it answers.
 * @module
 */

const PATIENCE = 15_000;

/** The API said no, in a problem document (RFC 9457). */
export class Problem extends Error {
  /** @param {number} status @param {string} title @param {string} detail */
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {}

/**
 * The JSON at a path of this server.
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function ask(path, signal) {
  const patience = AbortSignal.timeout(PATIENCE);
  const until = signal ? AbortSignal.any([signal, patience]) : patience;
  let response;
  let body;
  try {
    response = await fetch(path, { signal: until, headers: { accept: "application/json" }, cache: "no-store" });
    body = await response.json();
  } catch (trouble) {
    if (signal?.aborted) throw trouble;
    throw new Unreachable(response ? "The answer was not understood." : "The server does not answer.");
  }
  if (response.ok) return body;
  throw new Problem(response.status, String(body?.title ?? "Trouble"), String(body?.detail ?? ""));
}

/** What a question answers, or this instead where the thing is unknown. @template T @param {Promise<any>} asked @param {T} otherwise */
export async function orElse(asked, otherwise) {
  try {
    return await asked;
  } catch (trouble) {
    if (trouble instanceof Problem && trouble.status < 500) return otherwise;
    throw trouble;
  }
}

/**
 * @typedef {object} Chain
 * @property {string} chain CAIP-2
 * @property {string | null} name
 * @property {{number: string, hash: string, time: string}} head
 * @property {string} final
 *
 * @typedef {object} Lane
 * @property {string} source
 * @property {string} destination
 * @property {string} sourceGateway
 * @property {string} destinationGateway
 * @property {string} seen
 * @property {string} final
 * @property {string} submitted
 * @property {string} included
 * @property {string} settled
 * @property {string | null} oldestPending
 * @property {string | null} oldestPendingSince
 * @property {number} setbacks
 * @property {string | null} halted
 */

/** Where everything stands: chains by their name, and lanes. */
export class Standing {
  /** @param {Chain[]} chains @param {Lane[]} lanes */
  constructor(chains, lanes) {
    this.chains = chains;
    this.lanes = lanes;
  }

  /** @param {string} caip2 */
  chain(caip2) {
    return this.chains.find((each) => each.chain === caip2);
  }

  /** @param {string} source @param {string} destination */
  lane(source, destination) {
    return this.lanes.find((each) => each.source === source && each.destination === destination);
  }
}

/** @param {AbortSignal} [signal] */
export async function standing(signal) {
  const [{ chains }, { lanes }] = await Promise.all([ask("/v1/chains", signal), ask("/v1/lanes", signal)]);
  return new Standing(chains, lanes);
}

/** Whether this server also serves the marketplace. */
export const market = document.documentElement.dataset.market === "yes";
