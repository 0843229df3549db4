import { Stripchart } from "../chart/stripchart.js";
import { TimeWindow } from "../chart/timewindow.js";
import { el, fill, say } from "../dom.js";
import { dateTime, parseSpan, spanText } from "../format.js";
import { keep } from "../route.js";
import { RecordedLosses } from "../chart/recordedlosses.js";
import { rangeControl } from "./rangecontrol.js";

const WINDOWS = ["5s", "10s", "30s", "1min", "5min", "15min", "1h", "6h", "24h"];
const MOST_FIRST = 4;

/** The charts of a channel, with the time window that they share. @param {import("../store.js").ChannelInfo} info @param {import("../app.js").Context} context */
export function charts(info, { store, feed, leaving, route }) {
  const { query } = route;
  const at = query.get("at");
  const window = new TimeWindow(parseSpan(query.get("window"), 30000), at ? Date.parse(at) : null, () => store.now());
  let clock = /** @type {import("../chart/history.js").Clock} */ (query.get("clock") === "device" ? "device" : "received");
  const place = el("div", { class: "charts" });
  const recorded = new RecordedLosses(() => store.now());
  const remark = el("p", { class: "banner note", hidden: true });
  /** @type {{ chart: Stripchart, card: HTMLElement, signals: string[], fixed: [number, number] | null }[]} */
  let shown = [];

  /** @param {string[]} signals @param {[number, number] | null} fixed */
  const open = (signals, fixed) => {
    const chart = new Stripchart({ feed, store, window, signals, clock, fixed, height: 200, sync: "channel", losses: (channel, from, to) => recorded.of(channel, from, to), note: text => {
      remark.hidden = text === null;
      say(remark, text ?? "");
    } });
    const entry = { chart, card: el("section", { class: "card chart-card" }), signals, fixed };
    entry.card.append(
      chart.root,
      el("div", { class: "chart-tools" },
        chart.hasLines && rangeControl(chart, fixed, range => {
          entry.fixed = range;
          remember();
        }),
        adder(entry),
        el("button", { type: "button", class: "quiet icon", title: "Remove this chart", "aria-label": `Remove the chart of ${signals.join(", ")}`, text: "✕", onclick: () => {
          close(entry);
          remember();
        } })),
    );
    shown.push(entry);
    place.append(entry.card);
    return entry;
  };
  /** @param {typeof shown[number]} entry */
  const close = entry => {
    entry.chart.leave();
    entry.card.remove();
    shown = shown.filter(e => e !== entry);
  };
  /** @param {typeof shown[number]} entry @param {string[]} signals */
  const redraw = (entry, signals) => {
    const all = shown.map(e => ({ signals: e === entry ? signals : e.signals, fixed: e.fixed }));
    [...shown].forEach(close);
    for (const each of all) if (each.signals.length > 0) open(each.signals, each.fixed);
    remember();
  };
  /** @param {typeof shown[number]} entry */
  const adder = entry => {
    const choice = el("select", { "aria-label": "Add a signal to this chart", title: "Add a signal to this chart" }, el("option", { value: "", text: "+ signal" }));
    const fillChoice = () => {
      fill(choice, el("option", { value: "", text: "+ signal" }), [...store.channels.values()].map(channel => el("optgroup", { label: channel.name }, [...channel.numeric, ...channel.states].map(s => el("option", { value: `${channel.name}.${s.name}`, text: s.name })))));
    };
    leaving.listen(choice, "pointerdown", fillChoice);
    leaving.listen(choice, "focus", fillChoice);
    choice.onchange = () => choice.value && !entry.signals.includes(choice.value) && redraw(entry, [...entry.signals, choice.value]);
    return choice;
  };
  const remember = () => keep({
    charts: shown.map(e => e.signals.map(s => (s.startsWith(`${info.name}.`) ? s.slice(info.name.length) : s)).join(",") + (e.fixed ? `~${e.fixed.join("~")}` : "")).join(";") || "none",
    window: spanText(Math.round(window.span)),
    at: window.end === null ? null : new Date(window.end).toISOString(),
    clock: clock === "device" ? "device" : null,
  });

  const tools = windowTools(window, leaving, clock, chosen => {
    clock = chosen;
    remark.hidden = true;
    shown.forEach(e => e.chart.useClock(clock));
    remember();
  });
  let due = 0;
  leaving.listen(window, "change", () => {
    clearTimeout(due);
    // Browsers limit how often the address may change.
    due = setTimeout(remember, 400);
  });
  leaving.add(() => clearTimeout(due));
  leaving.add(() => [...shown].forEach(close));

  for (const each of parse(query.get("charts"), info)) open(each.signals, each.fixed);
  return {
    root: el("div", { class: "charts-side" }, tools, remark, place),
    /** Adds a chart for a signal, or removes it. @param {string} name */
    draw(name) {
      const own = shown.find(e => e.signals.length === 1 && e.signals[0] === name);
      if (own) close(own);
      else open([name], null).card.scrollIntoView({ block: "nearest", behavior: "smooth" });
      remember();
    },
  };
}

/** @param {string | null} text @param {import("../store.js").ChannelInfo} info @returns {{ signals: string[], fixed: [number, number] | null }[]} */
function parse(text, info) {
  if (text === "none") return [];
  if (!text) {
    const lead = info.lead;
    const first = [lead, ...info.numeric.filter(s => s !== lead && (s.type === "double" || s.type === "float"))].filter(s => s !== null).slice(0, MOST_FIRST);
    return first.map(s => ({ signals: [`${info.name}.${s.name}`], fixed: null }));
  }
  return text.split(";").filter(Boolean).map(each => {
    const [signals, low, high] = each.split("~");
    return { signals: signals.split(",").map(s => (s.startsWith(".") ? info.name + s : s)), fixed: low && high && Number(low) < Number(high) ? [Number(low), Number(high)] : null };
  });
}

/**
 * @param {TimeWindow} window @param {import("../dom.js").Leaving} leaving @param {import("../chart/history.js").Clock} clock
 * @param {(clock: import("../chart/history.js").Clock) => void} chosen
 */
function windowTools(window, leaving, clock, chosen) {
  const spans = WINDOWS.map(text => el("button", { type: "button", text, onclick: () => window.resize(parseSpan(text, 30000)) }));
  const pause = el("button", { type: "button", onclick: () => (window.following ? window.pause() : window.follow()) });
  const where = el("span", { class: "where muted small" });
  const byDevice = el("select", { "aria-label": "Clock", title: "Clock of the time axis" }, el("option", { value: "received", text: "Receive clock" }), el("option", { value: "device", text: "Device clock" }));
  byDevice.value = clock;
  byDevice.onchange = () => chosen(byDevice.value === "device" ? "device" : "received");
  const update = () => {
    spans.forEach((button, i) => button.setAttribute("aria-pressed", String(Math.abs(parseSpan(WINDOWS[i], 0) - window.span) < 1)));
    say(pause, window.following ? "Pause" : "Follow live");
    pause.className = window.following ? "" : "primary";
    say(where, window.following ? "" : `Paused: ${dateTime(window.from)} to ${dateTime(window.to).slice(11)}`);
  };
  leaving.listen(window, "change", update);
  update();
  return el("div", { class: "row chart-bar" },
    el("div", { class: "segments", role: "group", "aria-label": "Window" }, spans), pause,
    el("div", { class: "segments", role: "group", "aria-label": "Move" },
      el("button", { type: "button", title: "Back", "aria-label": "Back in time", text: "‹", onclick: () => window.pan(-window.span / 2) }),
      el("button", { type: "button", title: "Forward", "aria-label": "Forward in time", text: "›", onclick: () => window.pan(window.span / 2) }),
      el("button", { type: "button", title: "Zoom in", "aria-label": "Zoom in", text: "+", onclick: () => window.zoom(0.5, (window.from + window.to) / 2) }),
      el("button", { type: "button", title: "Zoom out", "aria-label": "Zoom out", text: "−", onclick: () => window.zoom(2, (window.from + window.to) / 2) })),
    byDevice, where);
}
