import { current, keep } from "./route.js";

/** Chooses dark or light: from the address, else the earlier choice, else the system's setting. */

const KEY = "speeddata.theme";

/** @typedef {"light" | "dark"} Scheme */

const system = matchMedia("(prefers-color-scheme: dark)");
const changed = new EventTarget();

/** @returns {Scheme} */
export function scheme() {
  const asked = current().query.get("theme") ?? localStorage.getItem(KEY);
  return asked === "dark" || asked === "light" ? asked : system.matches ? "dark" : "light";
}

/** @param {(scheme: Scheme) => void} listener @returns {() => void} */
export function onScheme(listener) {
  const call = () => listener(scheme());
  changed.addEventListener("change", call);
  return () => changed.removeEventListener("change", call);
}

export function applyScheme() {
  const now = scheme();
  if (document.documentElement.dataset.theme === now) return;
  document.documentElement.dataset.theme = now;
  changed.dispatchEvent(new Event("change"));
}

export function toggleScheme() {
  const next = scheme() === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, next);
  keep({ theme: next });
  applyScheme();
}

/** @type {Map<string, string>} */
const colours = new Map();

/** Returns a colour of the style sheet for drawing. It is cached, since asking the browser costs more than most drawing. @param {string} name @param {Scheme} [of] */
export function styleColour(name, of = document.documentElement.dataset.theme === "dark" ? "dark" : "light") {
  const key = `${of} ${name}`;
  const known = colours.get(key);
  if (known) return known;
  const probe = document.createElement("i");
  probe.dataset.theme = of;
  document.body.append(probe);
  const colour = getComputedStyle(probe).getPropertyValue(name).trim();
  probe.remove();
  // The colour is empty while the style sheet is loading.
  if (colour) colours.set(key, colour);
  return colour || "#808080";
}

system.addEventListener("change", applyScheme);

/** Whether the reader asked for less movement. */
export const calm = matchMedia("(prefers-reduced-motion: reduce)");
