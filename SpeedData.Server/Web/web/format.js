/** Formats figures. A figure keeps its width while its value changes, so that nothing jumps. */

const NONE = "–";

/** @param {number} n */
export function count(n) {
  return Number.isFinite(n) ? Math.round(n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, " ") : NONE;
}

/** @param {number} perSecond */
export function rate(perSecond) {
  if (!Number.isFinite(perSecond)) return NONE;
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)} M`;
  if (perSecond >= 1e4) return `${(perSecond / 1e3).toFixed(1)} k`;
  return perSecond >= 100 || perSecond === 0 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

/** @param {number} n */
export function bytes(n) {
  if (!Number.isFinite(n)) return NONE;
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  for (; Math.abs(n) >= 1000 && unit < units.length - 1; unit++) n /= 1024;
  return `${unit === 0 || n >= 100 ? n.toFixed(0) : n.toFixed(1)} ${units[unit]}`;
}

/** Formats a span briefly: 4.2 s, 3 min, 2 h 05 min. @param {number} seconds */
export function span(seconds) {
  if (!Number.isFinite(seconds)) return NONE;
  const s = Math.max(0, seconds);
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 120) return `${Math.round(s)} s`;
  if (s < 7200) return `${Math.round(s / 60)} min`;
  const minutes = Math.round(s / 60);
  if (s < 172800) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.round(s / 86400)} d`;
}

/** @param {number} ms */
export function clockTime(ms, millis = false) {
  const d = new Date(ms);
  const text = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  return millis ? `${text}.${String(d.getMilliseconds()).padStart(3, "0")}` : text;
}

/** @param {number} ms */
export function date(ms) {
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/** @param {number} ms */
export function dateTime(ms) {
  return `${date(ms)} ${clockTime(ms)}`;
}

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, "0");
}

/** Parses `30s`, `5min`, `2h`, `1d`, `250ms` or a number of seconds, and returns milliseconds. @param {string | null | undefined} text @param {number} otherwise */
export function parseSpan(text, otherwise) {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?\s*$/.exec(text ?? "");
  if (!match) return otherwise;
  const unit = { ms: 1, s: 1000, min: 60000, m: 60000, h: 3600000, d: 86400000 }[match[2] ?? "s"] ?? 1000;
  return Number(match[1]) * unit;
}

/** @param {number} ms */
export function spanText(ms) {
  for (const [name, unit] of /** @type {[string, number][]} */ ([["d", 86400000], ["h", 3600000], ["min", 60000], ["s", 1000]]))
    if (ms >= unit && ms % unit === 0) return `${ms / unit}${name}`;
  return `${ms}ms`;
}

/** Converts a device time to milliseconds since 1970; NaN if it is not a time. @param {number} value @param {string | null} unit */
export function timeMs(value, unit) {
  const ms = value / ({ ns: 1e6, us: 1e3, "µs": 1e3, ms: 1, s: 1e-3 }[unit ?? "ns"] ?? 1e6);
  return Math.abs(ms) <= 8.64e15 ? ms : NaN;
}

/** @param {Record<string, number>} dropped by reason */
export function droppedReasons(dropped) {
  const some = Object.entries(dropped).filter(([, n]) => n > 0);
  return some.length === 0 ? "nothing has been dropped since the start" : some.map(([why, n]) => `${why.replace("_", " ")}: ${count(n)}`).join(", ");
}

/** Formats drops briefly: the sum, and the reason if there is only one. @param {Record<string, number>} dropped */
export function droppedText(dropped) {
  const some = Object.entries(dropped).filter(([, n]) => n > 0);
  const sum = count(some.reduce((all, [, n]) => all + n, 0));
  return some.length === 1 ? `${sum} ${some[0][0].replace("_", " ")}` : sum;
}

/** Makes a sender's text safe to show: cut to a length, and without characters that change the writing direction. @param {string} text */
export function plain(text, longest = 200) {
  const clean = text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "·");
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

/**
 * Formats the values of one signal with a fixed number of decimals, which grows only as far as the values need: five
 * significant digits of the largest seen.
 */
export class Precision {
  #decimals = 0;
  #largest = 0;
  #whole;

  /** @param {boolean} whole */
  constructor(whole) {
    this.#whole = whole;
  }

  /** @param {number | null | undefined} value */
  write(value) {
    if (value === null || value === undefined) return "null";
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
    if (this.#whole) return value.toFixed(0);
    const size = Math.abs(value);
    if (size > this.#largest) {
      this.#largest = size;
      this.#decimals = Math.min(9, Math.max(0, 4 - Math.floor(Math.log10(size))));
    }
    return size >= 1e9 || (this.#largest < 1e-5 && size > 0) ? value.toExponential(4) : value.toFixed(this.#decimals);
  }
}
