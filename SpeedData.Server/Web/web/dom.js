/** Builds elements. No code of the page makes HTML from a string. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, unknown>} Props */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props] attributes; `class`, `text`, `on…` as listeners, `dataset` and properties of the element by name
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(made, name, value);
  append(made, children);
  return made;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Element} children
 */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** @param {Element} parent @param {(Child | Child[])[]} children */
export function append(parent, children) {
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) parent.append(child instanceof Node ? child : String(child));
}

/** @param {Element} parent @param {...(Child | Child[])} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/** Sets a text only if it differs, since most figures do not change from one second to the next. @param {Node} node @param {string} text */
export function say(node, text) {
  const first = node.firstChild;
  if (first instanceof Text && !first.nextSibling) {
    if (first.data !== text) first.data = text;
  } else node.textContent = text;
}

/** @param {Element} node @param {string} name @param {string} value */
export function mark(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** @param {HTMLElement} made @param {string} name @param {unknown} value */
function set(made, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") made.className = String(value);
  else if (name === "text") made.textContent = String(value);
  else if (name === "dataset") Object.assign(made.dataset, value);
  else if (name.startsWith("on")) made.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  else if (name in made && !name.startsWith("aria") && name !== "list" && name !== "form") Reflect.set(made, name, value);
  else made.setAttribute(name, value === true ? "" : String(value));
}

/** Collects what a view must undo when it is left. */
export class Leaving {
  /** @type {(() => void)[]} */
  #steps = [];

  /** @param {() => void} step */
  add(step) {
    this.#steps.push(step);
  }

  /**
   * @template {Event} E
   * @param {EventTarget} target @param {string} type @param {(event: E) => void} listener @param {AddEventListenerOptions} [options]
   */
  listen(target, type, listener, options) {
    target.addEventListener(type, /** @type {EventListener} */ (listener), options);
    this.add(() => target.removeEventListener(type, /** @type {EventListener} */ (listener), options));
  }

  /** @param {() => void} action @param {number} ms */
  every(action, ms) {
    const timer = setInterval(action, ms);
    this.add(() => clearInterval(timer));
  }

  leave() {
    for (const step of this.#steps.splice(0).reverse()) step();
  }
}
