import { isState } from "../store.js";
import { el, fill, Leaving, mark, say } from "../dom.js";
import { clockTime, dateTime, Precision, span } from "../format.js";
import { colour } from "../palette.js";
import { onScheme, scheme } from "../theme.js";
import { animate } from "./frames.js";
import { fillTrack, gridOver, track, usualStep } from "./grid.js";
import { steer } from "./hand.js";
import { Lanes } from "./lanes.js";
import { LiveSignal, liveWidth } from "./live.js";
import { Past } from "./past.js";
import { loadPlot, makePlot } from "./plot.js";
import { YRange } from "./range.js";
import { LiveState } from "./states.js";

/** @typedef {import("./history.js").Clock} Clock */

const AXIS_ONLY = 38, FASTEST_MS = 50, LEAST_GAP_MS = 1000, WRONG_CLOCK_MS = 2000;

/**
 * @typedef {{ feed: import("../feed/feed.js").Feed, store: import("../store.js").Store, window: import("./timewindow.js").TimeWindow, signals: string[],
 *   clock?: Clock, height?: number, fixed?: [number, number] | null, colours?: string[], scheme?: import("../theme.js").Scheme, sync?: string,
 *   losses?: (channel: string, from: number, to: number) => import("./marks.js").Loss[], note?: (text: string | null) => void }} ChartOptions
 */

/** Draws signals of any channels over a time window: live buckets, and points of the archive where these are missing. */
export class Stripchart {
  #leaving = new Leaving();
  /** @type {import("./plot.js").UPlot | null} */
  #plot = null;
  /** @type {LiveSignal[]} */
  #live = [];
  /** Indexes of the signals that are drawn as lines, and as lanes. @type {number[]} */
  #numbers = [];
  /** @type {number[]} */
  #states = [];
  #lanes = new Lanes([], () => {});
  /** The content of the lanes. @type {Map<number, import("./lanes.js").Lane>} */
  #shown = new Map();
  /** @type {import("./grid.js").Track[]} */
  #tracks;
  /** @type {number[]} */
  #steps;
  /** @type {import("./marks.js").Stretch[]} */
  #gaps = [];
  /** @type {import("./marks.js").Loss[]} */
  #losses = [];
  #grid = gridOver(0, 1, 1);
  #y = new YRange();
  #past;
  /** @type {number | null} */
  #cursor = null;
  /** @type {HTMLElement[]} */
  #values = [];
  /** @type {{ precision: Precision, whole: boolean }[]} */
  #kinds;
  #width = 0;
  #legend = el("div", { class: "legend" });
  #place = el("div", { class: "plot" });
  #over = el("div", { class: "over" });

  /** @param {ChartOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {Clock} */
    this.clock = options.clock ?? "received";
    this.#y.fixed = options.fixed ?? null;
    this.#tracks = options.signals.map(track);
    this.#steps = options.signals.map(() => NaN);
    this.#kinds = options.signals.map(name => this.#kind(name));
    this.#past = new Past(() => options.store.now(), () => this.#mover.soon());
    this.root = el("div", { class: "chart", dataset: { chart: options.signals.join(",") } }, this.#legend, this.#place);
    this.#arrange();
    this.#drawLegend();
    this.#mover = animate(() => this.#draw(), () => Math.min(1000, Math.max(FASTEST_MS, options.window.span / Math.max(1, this.#width))));
    this.#leaving.add(() => this.#mover.stop());
    this.#leaving.listen(options.window, "change", () => this.#mover.soon());
    this.#leaving.listen(options.feed, "state", () => options.feed.state === "connected" && this.#restart());
    this.#leaving.listen(options.store, "list", () => this.#relabel());
    this.#leaving.add(onScheme(() => void this.#make()));
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(this.#place);
    this.#leaving.add(() => resized.disconnect());
    steer(this.#place, options.window, this.#leaving);
    void this.#make();
  }

  #mover;

  /** @param {[number, number] | null} range */
  fix(range) {
    this.#y.fixed = range;
    this.#y.reset();
    this.#mover.soon();
  }

  /** Whether there is a y-axis. */
  get hasLines() {
    return this.#numbers.length > 0;
  }

  /** The present range of the y-axis. */
  get range() {
    return /** @type {[number, number]} */ ([this.#plot?.scales.y.min ?? 0, this.#plot?.scales.y.max ?? 1]);
  }

  /** @param {Clock} clock */
  useClock(clock) {
    this.clock = clock;
    this.#past.forget();
    this.#mover.soon();
  }

  leave() {
    this.#leaving.leave();
    this.#past.forget();
    for (const live of this.#live) live.leave();
    this.#plot?.destroy();
    this.root.remove();
  }

  #restart() {
    for (const live of this.#live) live.restart();
    this.#past.forget();
  }

  /** @param {string} name */
  #kind(name) {
    const type = this.options.store.find(name)?.signal.type;
    const whole = type === "int" || type === "long";
    return { precision: new Precision(whole), whole };
  }

  #relabel() {
    if (this.#arrange()) void this.#make();
    this.#kinds = this.options.signals.map(name => this.#kind(name));
    this.#drawLegend();
  }

  /** Decides which signals are lines and which are lanes. This is known only when the signals are. @returns {boolean} whether something changed */
  #arrange() {
    const { signals, store, feed, height = 220 } = this.options;
    const found = signals.map(name => store.find(name));
    const states = signals.map((_, i) => i).filter(i => found[i] && isState(/** @type {any} */ (found[i]).signal));
    if (this.#live.length > 0 && states.join() === this.#states.join()) return false;
    for (const live of this.#live) live.leave();
    this.#states = states;
    this.#shown.clear();
    this.#numbers = signals.map((_, i) => i).filter(i => !states.includes(i));
    this.#live = signals.map((name, i) => (states.includes(i) ? this.#state(name) : new LiveSignal(feed, name)));
    this.#lanes = new Lanes(states.map(i => this.#label(signals[i])), share => (this.#cursor = share === null ? null : Math.floor((this.options.window.from + share * this.options.window.span - this.#grid.start) / this.#grid.width)));
    for (const i of states) this.#lanes.order(this.#label(signals[i]), found[i]?.signal.symbols ?? ["false", "true"].slice(0, found[i]?.signal.type === "boolean" ? 2 : 0));
    this.#plot?.destroy();
    this.#plot = null;
    fill(this.#place, this.#lanes.root, this.#over);
    this.#place.style.height = `${this.#lanes.height + (this.#numbers.length > 0 ? height : AXIS_ONLY)}px`;
    return true;
  }

  /** @param {string} name */
  #state(name) {
    const { feed, store } = this.options;
    const { channel, signal } = /** @type {NonNullable<ReturnType<typeof store.find>>} */ (store.find(name));
    return new LiveState(feed, name, channel.name, signal, () => store.now());
  }

  #drawLegend() {
    const { signals, store, colours } = this.options;
    this.#values = signals.map(name => el("output", { dataset: { signal: name }, text: "–" }));
    fill(this.#legend, signals.map((name, i) => {
      const found = store.find(name);
      const swatch = el("i", { class: "swatch", "aria-hidden": "true", hidden: this.#states.includes(i) });
      swatch.style.background = colours?.[i] ?? colour(i, this.options.scheme ?? scheme());
      return el("span", { class: "entry", title: name }, swatch, el("span", { class: "name", text: this.#label(name) }), this.#values[i], found?.signal.unit && el("span", { class: "unit", text: found.signal.unit }));
    }), el("span", { class: "moment" }));
  }

  /** Returns a signal's label, without the channel's name if all signals have the same channel. @param {string} name */
  #label(name) {
    const { signals, store } = this.options;
    const channels = new Set(signals.map(s => store.find(s)?.channel.name));
    const found = store.find(name);
    return channels.size === 1 && found ? found.signal.name : name;
  }

  async #make() {
    const Plot = await loadPlot();
    this.#plot?.destroy();
    this.#plot = null;
    if (!Plot) {
      this.#tell("This build has no charts, because npm was missing when it was built.");
      return;
    }
    if (!this.root.isConnected && this.#width === 0) await new Promise(requestAnimationFrame);
    const { signals, colours } = this.options;
    this.#width = this.#place.clientWidth || 600;
    this.#plot = makePlot(
      Plot,
      this.#place,
      {
        signals: this.#numbers.map(index => ({ label: signals[index], index, colour: colours?.[index] })),
        trackOf: i => this.#tracks[this.#numbers[i]],
        gaps: () => (this.hasLines ? this.#gaps : []),
        losses: () => this.#losses,
        cursor: index => (this.#cursor = index),
        sync: this.options.sync,
        scheme: this.options.scheme,
      },
      this.#width,
      this.#plotHeight,
    );
    this.#drawLegend();
    this.#mover.soon();
  }

  get #plotHeight() {
    return this.#place.clientHeight - this.#lanes.height;
  }

  #resize() {
    const width = this.#place.clientWidth;
    if (!this.#plot || width === 0 || (width === this.#width && this.#plotHeight === this.#plot.height)) return;
    this.#width = width;
    this.#plot.setSize({ width, height: this.#plotHeight });
  }

  #draw() {
    const plot = this.#plot;
    if (!plot || !this.root.isConnected) return;
    const { window, store, signals } = this.options;
    const { from, to } = window;
    const width = liveWidth(window.span, this.#width);
    for (const live of this.#live) live.use(width);
    // A long window gets steps wider than live buckets: about one step for each 1.5 pixels.
    // A paused chart gets more detail, from the archive.
    const step = window.following ? Math.max(width, Math.ceil((window.span * 1.5) / this.#width / width) * width) : Math.max(1, Math.ceil((window.span * 1.5) / this.#width));
    this.#grid = gridOver(from - 2 * step, to, step);
    this.#wantPast(from, to, step);
    this.#gaps = [];
    this.#losses = [];
    this.#tracks.forEach((t, i) => this.#fillTrack(t, i, from, to));
    const xs = new Array(this.#grid.length);
    for (let i = 0; i < xs.length; i++) xs[i] = (this.#grid.start + i * step) / 1000;
    const lines = this.#numbers.map(i => this.#tracks[i]);
    const [low, high] = this.#y.over(lines, 2, this.#grid.length);
    plot.batch(() => {
      plot.setData(/** @type {any} */ ([xs, ...lines.map(t => t.mean)]), false);
      plot.setScale("x", { min: from / 1000, max: to / 1000 });
      plot.setScale("y", { min: low, max: high });
    });
    const { left, width: across } = plot.bbox;
    this.#lanes.draw([...this.#shown.values()], from, to, { left: left / devicePixelRatio, width: across / devicePixelRatio }, this.options.scheme);
    this.#write(signals, store.now());
  }

  /** @param {number} i @param {import("./marks.js").Stretch[]} gaps @param {number} from @param {number} to @param {boolean} byDevice */
  #fillLane(i, gaps, from, to, byDevice) {
    const live = this.#live[i];
    if (live instanceof LiveState) this.#shown.set(i, { name: this.#label(this.options.signals[i]), gaps, spells: live.spells(from, Math.min(to, this.options.store.now()), byDevice, this.#past.of(live.channel)) });
  }

  /** @param {import("./grid.js").Track} t @param {number} i @param {number} from @param {number} to */
  #fillTrack(t, i, from, to) {
    const { store, signals, feed } = this.options;
    const found = store.find(signals[i]);
    const byDevice = this.clock === "device" && !this.#hasWrongClock(found?.channel);
    const longest = Math.max(LEAST_GAP_MS, 4 * this.#grid.width, 6 * (this.#steps[i] || 0));
    const gaps = fillTrack(t, this.#grid, this.#sources(i, found, byDevice), longest);
    this.#steps[i] = usualStep(t, this.#grid);
    const all = [...gaps, ...this.#edges(t, from, to, longest)];
    if (i === (this.#numbers[0] ?? 0)) this.#gaps.push(...all);
    this.#fillLane(i, all, from, to, byDevice);
    if (!found || this.options.signals.findIndex(s => store.find(s)?.channel === found.channel) !== i) return;
    for (const loss of feed.losses(found.channel.name, liveWidth(this.options.window.span, this.#width))) if (loss.why !== "feed" && loss.to > from && loss.from < to) this.#losses.push(loss);
    const recorded = this.options.losses?.(found.channel.name, from, Math.min(to, this.#live[i].since)) ?? [];
    this.#losses.push(...recorded.filter(loss => loss.count !== null));
  }

  /** Returns the sources of a signal. Live buckets win while the chart follows, the archive wins while it is paused. @param {number} i @param {ReturnType<import("../store.js").Store["find"]>} found @param {boolean} byDevice */
  #sources(i, found, byDevice) {
    const live = this.#live[i], isStill = !this.options.window.following;
    return [...live.sources(this.#grid.start, byDevice, at => !isStill || !this.#past.knows(at)), this.#pastSource(found, byDevice, isStill ? Infinity : live.since)];
  }

  /** Returns the ranges without data before the first and after the last point. @param {import("./grid.js").Track} t @param {number} from @param {number} to @param {number} longest */
  #edges(t, from, to, longest) {
    const { start, width } = this.#grid;
    const first = t.first >= 0 ? start + t.first * width : to;
    const last = t.last >= 0 ? start + (t.last + 1) * width : to;
    const edges = [];
    if (first - from > longest && this.#past.knows(from + longest)) edges.push({ from, to: first });
    if (to - last > longest) edges.push({ from: last, to });
    return edges;
  }

  /** @param {ReturnType<import("../store.js").Store["find"]>} found @param {boolean} byDevice @param {number} until @returns {import("./grid.js").Source} */
  #pastSource(found, byDevice, until) {
    return take => {
      const points = found && this.#past.of(found.channel.name);
      const columns = points?.signals.get(found?.signal.name ?? "");
      if (!points || !columns) return;
      const time = byDevice ? points.device : points.at;
      if (found && isState(found.signal)) {
        for (let i = 0; i < time.length; i++) if (points.at[i] < until) take(time[i], 0, 0, 0, points.count[i]);
        return;
      }
      for (let i = 0; i < time.length; i++) if (points.at[i] < until) take(time[i], columns.min[i], columns.max[i], columns.mean[i], points.count[i]);
    };
  }

  /** @param {number} from @param {number} to @param {number} step */
  #wantPast(from, to, step) {
    const until = !this.options.window.following ? to : Math.min(to, ...this.#live.map(l => (l.since === Infinity ? to : l.since)));
    if (until - from < step) return;
    /** @type {Map<string, string[]>} */
    const channels = new Map();
    for (const name of this.options.signals) {
      const found = this.options.store.find(name);
      if (found) channels.set(found.channel.name, [...(channels.get(found.channel.name) ?? []), found.signal.name]);
    }
    const { following, span } = this.options.window;
    if (channels.size > 0) this.#past.want(channels, { from, to: until, points: Math.max(50, Math.ceil((until - from) / step)), clock: this.#pastClock(), around: following ? 0 : span });
  }

  /** Returns the clock for requests to the archive: receive time if a device's clock is wrong. */
  #pastClock() {
    return this.clock === "device" && !this.options.signals.some(s => this.#hasWrongClock(this.options.store.find(s)?.channel)) ? "device" : "received";
  }

  /** @param {import("../store.js").ChannelInfo | undefined} channel */
  #hasWrongClock(channel) {
    const offset = channel?.deviceOffsetMs;
    return offset === null || offset === undefined || Math.abs(offset) > Math.max(WRONG_CLOCK_MS, this.options.window.span / 10);
  }

  /** @param {string[]} signals @param {number} now */
  #write(signals, now) {
    const at = this.#cursor;
    const shown = at !== null && at < this.#grid.length ? at : null;
    signals.forEach((name, i) => {
      const live = this.#live[i];
      if (live instanceof LiveState) return say(this.#values[i], (shown === null ? live.text : this.#stateAt(i, shown)) ?? "–");
      const value = shown === null ? this.#live[i].latest : this.#nearest(this.#tracks[i], shown);
      const isNull = Number.isNaN(value) && this.options.store.find(name)?.signal.nullable;
      say(this.#values[i], value === undefined ? "–" : this.#kinds[i].precision.write(isNull ? null : value));
    });
    const moment = this.#legend.lastElementChild;
    if (moment) say(moment, shown === null ? "" : clockTime(this.#grid.start + shown * this.#grid.width, true));
    mark(this.root, "data-state", this.options.window.following ? (this.options.feed.state === "connected" ? "live" : "stale") : "paused");
    this.#tell(this.#trouble(now));
    this.options.note?.(this.#clockNote());
  }

  /** @param {import("./grid.js").Track} t @param {number} slot */
  #nearest(t, slot) {
    for (let away = 0; away < 12; away++) for (const at of [slot - away, slot + away]) if (typeof t.mean[at] === "number") return Number(t.mean[at]);
    return undefined;
  }

  /** @param {number} i @param {number} slot */
  #stateAt(i, slot) {
    const at = this.#grid.start + slot * this.#grid.width;
    return this.#shown.get(i)?.spells.find(s => s.from <= at && at < s.to)?.value;
  }

  /** @param {number} now */
  #trouble(now) {
    const { signals, store, window } = this.options;
    if (this.#tracks.some(t => t.first >= 0)) return null;
    if (!store.loaded) return "Loading…";
    const unknown = signals.filter(s => !store.find(s));
    if (unknown.length === signals.length) return `No channel has the signal ${unknown.join(", ")}.`;
    if (this.#past.loading) return "Loading…";
    const last = store.find(signals.find(s => store.find(s)) ?? "")?.channel.lastDatagramMs ?? null;
    if (!window.following) return `No data from ${dateTime(window.from)} to ${clockTime(window.to)}.`;
    return last === null ? "No datagram has arrived yet." : `No data in the last ${span(window.span / 1000)}. The last datagram came ${span((now - last) / 1000)} ago.`;
  }

  #clockNote() {
    if (this.clock !== "device") return null;
    const wrong = new Set(this.options.signals.map(s => this.options.store.find(s)?.channel).filter(c => c && this.#hasWrongClock(c)));
    return wrong.size === 0 ? null : [...wrong].map(c => (c?.deviceOffsetMs === null || c?.deviceOffsetMs === undefined
      ? `${c?.name} has no device clock` : `The clock of ${c.name} is ${span(Math.abs(c.deviceOffsetMs) / 1000)} ${c.deviceOffsetMs > 0 ? "ahead" : "behind"}`) + "; its signals are drawn by receive time.").join(" ");
  }

  /** @param {string | null} text */
  #tell(text) {
    this.#over.hidden = text === null;
    say(this.#over, text ?? "");
  }
}
