import { Buckets } from "../chart/buckets.js";
import { animate } from "../chart/frames.js";
import { say } from "../dom.js";
import { plain, Precision, timeMs } from "../format.js";

const WIDTH_MS = 100;

/** Writes the value of a signal into an element until the returned function is called. @param {{ store: import("../store.js").Store, feed: import("../feed/feed.js").Feed }} source @param {string} name @param {HTMLElement} place @param {number | null} digits */
export function showValue({ store, feed }, name, place, digits) {
  const buckets = new Buckets(2);
  let precision = new Precision(false);
  let type = "";
  place.dataset.signal = name;
  const endNumber = feed.subscribe(name, WIDTH_MS, buckets);
  const endText = feed.watch(name, WIDTH_MS, change => say(place, change.value === null ? "null" : plain(typeof change.value === "string" ? change.value : JSON.stringify(change.value))));
  const mover = animate(() => {
    const { value } = buckets;
    if (value === undefined) return;
    const signal = store.find(name)?.signal;
    if (signal?.is_time) return say(place, moment(value, signal.unit));
    if (signal && signal.type !== type) precision = new Precision((type = signal.type) === "int" || type === "long");
    say(place, Number.isNaN(value) && signal?.nullable ? "null" : digits === null ? precision.write(value) : value.toFixed(digits));
  }, () => WIDTH_MS);
  return () => {
    endNumber();
    endText();
    mover.stop();
  };
}

/** @param {number} value @param {string | null} unit */
function moment(value, unit) {
  const ms = timeMs(value, unit);
  return Number.isNaN(ms) ? String(value) : new Date(ms).toISOString();
}
