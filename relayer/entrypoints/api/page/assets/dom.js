/**
 * Elements without markup: every string becomes text, so nothing that a chain says can become code.
 * @module
 */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "circle", "rect", "line", "g"]);
/** Only these may be linked to: places of this page, and files of this server. */
const PLACES = /^(#|\/(?!\/))/;
/** Pictures come from this server, or lie in the document as pixels. */
const PICTURES = /^(\/(?!\/)|data:image\/(png|jpeg|gif|webp);base64,)/;

/**
 * An element with attributes and children. `vars` become CSS custom properties; handlers and inline styles are refused.
 * @param {string} tag
 * @param {Attributes & {vars?: Record<string, string | number>}} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "vars") for (const [key, set] of Object.entries(value)) element.style.setProperty(`--${key}`, String(set));
    else element.setAttribute(name, allowed(name, value === true ? "" : String(value)));
  }
  element.append(...children.flat(3).filter((child) => child || child === 0).map(asNode));
  return /** @type {HTMLElement} */ (element);
}

/** @param {Child} child */
function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/** @param {string} name @param {string} value */
function allowed(name, value) {
  if (/^on|^style$|^srcdoc$/i.test(name)) throw new Error(`${name} is not an attribute of this page`);
  if (/^(href|action|formaction)$/i.test(name) && !PLACES.test(value)) throw new Error(`nothing links to ${value}`);
  if (name === "src" && !PICTURES.test(value)) throw new Error(`nothing is loaded from ${value}`);
  return value;
}

/**
 * Make one element's content like another's, touching only what differs: focus, selection and scrolling stay.
 * @param {Element} live
 * @param {Node[]} fresh
 */
export function become(live, fresh) {
  const known = new Map([...live.childNodes].filter(keyOf).map((child) => [keyOf(child), child]));
  let place = live.firstChild;
  for (const wanted of fresh) {
    const key = keyOf(wanted);
    const found = key ? known.get(key) : place && !keyOf(place) ? place : null;
    if (found && alike(found, wanted)) {
      if (key) known.delete(key);
      if (found === place) place = place.nextSibling;
      else live.insertBefore(found, place);
      update(found, wanted);
    } else {
      live.insertBefore(wanted, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

/** @param {Node} node */
function keyOf(node) {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}

/** @param {Node} one @param {Node} other */
function alike(one, other) {
  return one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

/** @param {Node} live @param {Node} fresh */
function update(live, fresh) {
  if (!(live instanceof Element) || !(fresh instanceof Element)) {
    if (live.nodeValue !== fresh.nodeValue) live.nodeValue = fresh.nodeValue;
    return;
  }
  const said = live.hasAttribute("data-notice") ? live.textContent : null;
  for (const { name } of [...live.attributes]) {
    const own = name === "open" || name === "style" || name.startsWith("data-own");
    if (!own && !fresh.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== "style" && name !== "open" && live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  const styled = /** @type {HTMLElement} */ (live).style;
  const wanted = /** @type {HTMLElement} */ (fresh).style;
  if (styled && styled.cssText !== wanted.cssText) styled.cssText = wanted.cssText;
  become(live, [...fresh.childNodes]);
  if (said !== null && said !== live.textContent) notice(live);
}

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** A breath of colour where something has changed. @param {Element} element */
function notice(element) {
  if (still.matches) return;
  element.animate([{ backgroundColor: "var(--notice)" }, { backgroundColor: "transparent" }], { duration: 1400, easing: "ease-out" });
}
