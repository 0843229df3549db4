import { el } from "../dom.js";

/** @param {HTMLElement} main @param {import("../app.js").Context} _context */
export function archive(main, _context) {
  main.append(el("h1", { text: "archive" }));
}
