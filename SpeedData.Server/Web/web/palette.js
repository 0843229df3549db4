/** Colours of signals, after Okabe and Ito: distinguishable with colour blindness, each with a contrast of at least 3:1 on its background. */

const LIGHT = ["#0072b2", "#c04f00", "#00795a", "#a2478a", "#7a6200", "#4f52c8", "#b3261e", "#4d5b6a"];
const DARK = ["#56b4e9", "#ff9d57", "#2fc795", "#e79ac8", "#e3c234", "#a5a8ff", "#ff8a80", "#b4c0cd"];

/** @param {"light" | "dark"} scheme */
export function palette(scheme) {
  return scheme === "dark" ? DARK : LIGHT;
}

/** @param {number} index @param {"light" | "dark"} scheme */
export function colour(index, scheme) {
  const colours = palette(scheme);
  return colours[index % colours.length];
}

/** Returns the dashes of a line. Lines beyond the number of colours differ by dashes. @param {number} index @returns {number[] | undefined} */
export function dash(index) {
  const round = Math.floor(index / LIGHT.length);
  return round === 0 ? undefined : round === 1 ? [6, 3] : [2, 3];
}
