import { plain } from "../format.js";

/** Returns the text of a value. @param {unknown} value */
export function stateText(value) {
  return value === null ? "null" : plain(typeof value === "string" ? value : JSON.stringify(value), 60);
}
