import { el, fill } from "./dom.js";

/** Shows a short note at the edge of the page. @param {string} text @param {boolean} [isBad] */
export function note(text, isBad = false) {
  let place = document.querySelector(".notes");
  if (!place) document.body.append((place = el("div", { class: "notes", role: "status" })));
  const shown = el("div", { class: isBad ? "note bad" : "note", text });
  place.append(shown);
  setTimeout(() => shown.remove(), isBad ? 9000 : 4500);
}

/** @param {HTMLElement} place */
export function loading(place) {
  fill(place, el("div", { class: "loading", role: "status", "aria-label": "Loading" }, el("span"), el("span"), el("span")));
}
