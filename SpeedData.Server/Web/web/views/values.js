import { Buckets } from "../chart/buckets.js";
import { animate } from "../chart/frames.js";
import { el, mark, say } from "../dom.js";
import { isState } from "../store.js";
import { clockTime, dateTime, plain, Precision, timeMs } from "../format.js";

const WIDTH_MS = 100, BEYOND_DOUBLES = 2 ** 53, MANY = 12;

/**
 * The table of present values. A click on a signal adds a chart.
 * @param {import("../store.js").ChannelInfo} info @param {import("../app.js").Context} context @param {ReturnType<typeof import("./charts.js").charts>} drawn
 */
export function values(info, { feed, leaving }, drawn) {
  const list = el("div", { class: "values", role: "list" });
  const filter = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter signals", hidden: info.signals.length <= MANY });
  /** @type {(() => void)[]} */
  const writers = [];
  const rows = info.signals.map(signal => {
    const name = `${info.name}.${signal.name}`;
    const value = el("output", { class: signal.kind === "number" ? "number" : "text", dataset: { signal: name }, text: "–" });
    const label = (signal.kind === "number" && !signal.is_time) || isState(signal)
      ? el("button", { type: "button", class: "quiet", title: `Draw ${signal.name}`, onclick: () => drawn.draw(name) }, el("span", { text: signal.name }))
      : el("span", { class: "label", text: signal.name });
    const row = el("div", { class: "signal-row", role: "listitem" }, label, value, el("span", { class: "unit", text: signal.is_time ? "" : signal.unit ?? "" }));
    if (signal.kind === "number") writers.push(number(name, signal, value));
    else leaving.add(feed.watch(name, WIDTH_MS, change => {
      say(value, text(change.value));
      value.title = change.length ? `The value has ${change.length} bytes. Only the beginning is shown.` : "";
    }));
    return { row, name: signal.name.toLowerCase() };
  });

  /** @param {string} name @param {import("../store.js").Signal} signal @param {HTMLElement} place */
  function number(name, signal, place) {
    const buckets = new Buckets(2);
    const precision = new Precision(signal.type === "int" || signal.type === "long");
    leaving.add(feed.subscribe(name, WIDTH_MS, buckets));
    return () => {
      const { value } = buckets;
      if (value === undefined) return;
      if (signal.is_time) return deviceTime(place, value, signal.unit);
      const exact = Math.abs(value) > BEYOND_DOUBLES ? feed.exact(name) : undefined;
      say(place, exact !== undefined ? String(exact) : Number.isNaN(value) && signal.nullable ? "null" : precision.write(value));
    };
  }

  list.append(...rows.map(r => r.row));
  leaving.listen(filter, "input", () => {
    for (const { row, name } of rows) row.hidden = !name.includes(filter.value.trim().toLowerCase());
  });
  const mover = animate(() => writers.forEach(write => write()), () => 100);
  leaving.add(() => mover.stop());
  return el("aside", { class: "card values-card" }, el("header", {}, el("h2", { text: "Values" }), el("span", { class: "muted small", text: "select a signal to chart it" }), filter), list);
}

/** @param {unknown} value */
function text(value) {
  return value === null ? "null" : plain(typeof value === "string" ? value : JSON.stringify(value));
}

/** @param {HTMLElement} place @param {number} value @param {string | null} unit */
function deviceTime(place, value, unit) {
  const ms = timeMs(value, unit);
  say(place, Number.isNaN(ms) ? String(value) : clockTime(ms, true));
  mark(place, "title", Number.isNaN(ms) ? "" : dateTime(ms));
}
