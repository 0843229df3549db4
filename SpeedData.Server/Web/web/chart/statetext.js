import { plain } from "../format.js";

/** A value as it is shown. @param {unknown} value */
export function stateText(value) {
  return value === null ? "null" : plain(typeof value === "string" ? value : JSON.stringify(value), 60);
}
