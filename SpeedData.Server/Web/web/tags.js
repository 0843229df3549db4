import { el } from "./dom.js";

/** Starts, marks and stops a tag. @param {import("./store.js").Store} _store */
export function tagControl(_store) {
  return el("span", { class: "tag-control" });
}
