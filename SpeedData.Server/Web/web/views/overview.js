import { Buckets } from "../chart/buckets.js";
import { animate } from "../chart/frames.js";
import { fillFromArchive, sparkColours, Sparkline } from "../chart/sparkline.js";
import { el, fill, mark, say } from "../dom.js";
import { bytes, droppedReasons, droppedText, Precision, rate, span } from "../format.js";
import { link } from "../route.js";
import { loading } from "../notes.js";

const FEW = 6, FEW_SPAN_MS = 10000, SPAN_MS = 30000;
const FIGURES = { rate: "Datagrams", bytes: "Data", last: "Last", dropped: "Dropped", ring: "Ring", disk: "On disk" };

/** The overview, with a row for every channel. @param {HTMLElement} main @param {import("../app.js").Context} context */
export function overview(main, context) {
  const { store, feed, leaving } = context;
  const list = el("div", { class: "rows", role: "list" });
  const heads = el("div", { class: "heads", "aria-hidden": "true" }, el("span"), el("span"), el("div", {}, Object.values(FIGURES).map(text => el("span", { text }))));
  const summary = el("span", { class: "muted" });
  const disk = diskFigure();
  const search = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter channels", class: "filter" });
  main.append(el("div", { class: "row spread view-head" }, el("div", { class: "row" }, el("h1", { text: "Channels" }), summary, disk.root), search), el("div", { class: "overview" }, heads, list));
  /** @type {Map<string, Row>} */
  const rows = new Map();
  const visible = new IntersectionObserver(entries => {
    for (const entry of entries) rows.get(/** @type {HTMLElement} */ (entry.target).dataset.channel ?? "")?.watch(entry.isIntersecting);
  }, { rootMargin: "80px" });

  const arrange = () => {
    if (!store.loaded) return loading(list);
    const wanted = [...store.channels.values()].filter(c => c.name.toLowerCase().includes(search.value.trim().toLowerCase()));
    for (const [name, row] of rows) if (!wanted.some(c => c.name === name && c === row.info)) drop(name, row);
    list.classList.toggle("few", store.channels.size <= FEW);
    heads.hidden = store.channels.size <= FEW || wanted.length === 0;
    if (wanted.length === 0) return fill(list, nothing(search.value));
    list.querySelector(":scope > :not([data-channel])")?.remove();
    wanted.forEach((info, i) => {
      let row = rows.get(info.name);
      if (!row) {
        rows.set(info.name, (row = new Row(info, feed, () => store.now(), store.channels.size <= FEW)));
        visible.observe(row.root);
      }
      row.relead();
      if (list.children[i] !== row.root) list.insertBefore(row.root, list.children[i] ?? null);
    });
    figures();
  };
  /** @param {string} name @param {Row} row */
  const drop = (name, row) => {
    visible.unobserve(row.root);
    row.watch(false);
    row.root.remove();
    rows.delete(name);
  };
  const figures = () => {
    const now = store.now();
    for (const row of rows.values()) if (row.isVisible || rows.size < 100) row.figures(now, store.stale);
    const total = [...store.channels.values()].reduce((sum, c) => sum + (c.rate("received") || 0), 0);
    say(summary, store.loaded ? `${store.channels.size} · ${rate(total)} datagrams/s` : "");
    disk.show(store);
  };
  leaving.listen(store, "list", arrange);
  leaving.listen(store, "figures", figures);
  leaving.listen(search, "input", arrange);
  // Many small charts are drawn less often; a few may move smoothly.
  const mover = animate(() => {
    const colours = sparkColours();
    for (const row of rows.values()) row.draw(store.now(), colours);
  }, () => (rows.size <= FEW ? 100 : 500));
  leaving.add(() => mover.stop());
  leaving.add(() => visible.disconnect());
  leaving.add(() => rows.forEach(row => row.watch(false)));
  arrange();
}

/** Shows the free space of the archives' disk. It warns when the space comes close to the floor that retention keeps free. */
function diskFigure() {
  const text = el("span"), used = el("i");
  const meter = el("span", { class: "meter", "aria-hidden": "true" }, used);
  const root = el("span", { class: "disk muted", dataset: { disk: "" }, hidden: true }, meter, text);
  return {
    root,
    /** @param {import("../store.js").Store} store */
    show({ loaded, disk, channels }) {
      root.hidden = !loaded;
      meter.hidden = disk === null;
      if (!disk) return say(text, "Free disk space unknown");
      const least = Math.max(0, ...[...channels.values()].map(c => c.view.config?.archive?.min_free_bytes ?? 0));
      const isLow = disk.free_bytes < Math.max(least * 1.1, disk.total_bytes * 0.02);
      mark(root, "data-tone", isLow ? "warn" : "");
      meter.classList.toggle("high", isLow);
      used.style.transform = `scaleX(${1 - disk.free_bytes / (disk.total_bytes || 1)})`;
      say(text, `${bytes(disk.free_bytes)} free of ${bytes(disk.total_bytes)}${isLow ? ", almost full" : ""}`);
      mark(root, "title", least > 0 ? `The oldest recordings are deleted when less than ${bytes(least)} is free.` : "");
    },
  };
}

/** @param {string} filter */
function nothing(filter) {
  return filter
    ? el("div", { class: "empty" }, el("strong", { text: "No channel matches" }))
    : el("div", { class: "empty" }, el("strong", { text: "There are no channels yet" }), el("p", { text: "Add one to receive data from its device." }), el("a", { class: "button primary", href: link("channels", "", { add: "1" }), text: "Add a channel" }));
}

/** The row of one channel. */
class Row {
  #end = () => {};
  #buckets = new Buckets(1024);
  /** @type {Sparkline | null} */
  #spark = null;
  #lead = "";
  #precision = new Precision(false);
  isVisible = false;

  /** @param {import("../store.js").ChannelInfo} info @param {import("../feed/feed.js").Feed} feed @param {() => number} now @param {boolean} isBig */
  constructor(info, feed, now, isBig) {
    this.info = info;
    this.now = now;
    this.feed = feed;
    this.isBig = isBig;
    this.span = isBig ? FEW_SPAN_MS : SPAN_MS;
    this.state = el("span", { class: "state" });
    this.why = el("p", { class: "why", hidden: true });
    this.spark = el("div", { class: "spark" });
    this.leadName = el("span", { class: "lead-name" });
    this.leadValue = el("output", { class: "lead-value" });
    this.leadUnit = el("span", { class: "unit" });
    this.cells = {
      rate: figure(FIGURES.rate, "/s"), bytes: figure(FIGURES.bytes, "/s"), last: figure(FIGURES.last, ""), dropped: figure(FIGURES.dropped, ""), ring: figure(FIGURES.ring, ""), disk: figure(FIGURES.disk, ""),
    };
    this.meter = el("span", { class: "meter", "aria-hidden": "true" }, el("i"));
    this.cells.ring.value.after(this.meter);
    this.parts = el("span", { class: "parts" }, /** @type {const} */ (["receive", "archive", "full", "decimated"]).map(name => el("span", { class: "part", dataset: { part: name }, text: name })));
    this.root = el(
      "article",
      { class: "channel", role: "listitem", dataset: { channel: info.name } },
      el("div", { class: "who" }, el("a", { class: "name", href: link("channel", info.name), text: info.name }), this.state, this.parts),
      el("div", { class: "lead" }, this.spark, el("div", { class: "lead-text" }, this.leadName, el("span", { class: "lead-figure" }, this.leadValue, this.leadUnit))),
      el("dl", { class: "figures" }, Object.values(this.cells).map(c => c.root)),
      this.why,
    );
  }

  /** Sets the signal of the small chart, which may become known only later. */
  relead() {
    const lead = this.info.lead;
    const name = lead ? `${this.info.name}.${lead.name}` : "";
    if (name === this.#lead) return;
    const was = this.isVisible;
    this.watch(false);
    this.#lead = name;
    this.#buckets.clear();
    this.#precision = new Precision(lead?.type === "int" || lead?.type === "long");
    this.#spark?.leave();
    this.#spark = lead ? new Sparkline(name, this.span) : null;
    fill(this.spark, this.#spark?.root ?? null);
    say(this.leadName, lead?.name ?? "no numeric signal");
    say(this.leadUnit, lead?.unit ?? "");
    this.leadValue.dataset.signal = name;
    if (was) this.watch(true);
  }

  /** @param {boolean} isVisible */
  watch(isVisible) {
    if (isVisible === this.isVisible) return;
    this.isVisible = isVisible;
    this.#end();
    this.#end = isVisible && this.#lead ? this.feed.subscribe(this.#lead, this.isBig ? 20 : 200, this.#buckets) : () => {};
    if (isVisible && this.#buckets.length === 0) this.#remember();
  }

  // Not for many channels: reading their history would keep the archive busy for little benefit.
  #remember() {
    const { lead } = this.info;
    if (lead && this.isBig && this.info.view.archive) void fillFromArchive(this.#buckets, this.info.name, lead.name, { from: this.now() - this.span, to: this.now(), points: this.span / 20 });
  }

  /** @param {number} now @param {{ line: string, band: string }} colours */
  draw(now, colours) {
    if (!this.isVisible || !this.#spark) return;
    this.#spark.draw(this.#buckets, now, colours);
    const { value } = this.#buckets;
    say(this.leadValue, value === undefined ? "–" : this.#precision.write(value));
  }

  /** @param {number} now @param {boolean} isStale */
  figures(now, isStale) {
    const { info, cells } = this;
    const { view } = info;
    const state = isStale ? { state: "stale", text: "stale", why: null } : info.state(now);
    mark(this.state, "data-state", state.state);
    say(this.state, state.text);
    mark(this.root, "data-state", state.state);
    this.why.hidden = state.why === null;
    say(this.why, state.why ?? "");
    for (const part of this.parts.children) paintPart(/** @type {HTMLElement} */ (part), view.parts[/** @type {keyof typeof view.parts} */ (/** @type {HTMLElement} */ (part).dataset.part)]);
    say(cells.rate.value, rate(info.rate("received")));
    say(cells.bytes.value, bytes(info.rate("bytes")));
    say(cells.last.value, info.lastDatagramMs === null ? "never" : `${span((now - info.lastDatagramMs) / 1000)} ago`);
    const nowLost = info.rate("dropped");
    say(cells.dropped.value, nowLost > 0 ? `${droppedText(view.counters.dropped)}, now ${rate(nowLost)}/s` : droppedText(view.counters.dropped));
    mark(cells.dropped.root, "data-tone", nowLost > 0 ? "bad" : info.dropped > 0 ? "warn" : "");
    mark(cells.dropped.root, "title", droppedReasons(view.counters.dropped));
    const used = view.live ? view.live.ring_used / (view.live.ring_capacity || 1) : NaN;
    say(cells.ring.value, Number.isNaN(used) ? "–" : `${Math.round(used * 100)} %`);
    this.meter.classList.toggle("high", used > 0.5);
    /** @type {HTMLElement} */ (this.meter.firstElementChild).style.transform = `scaleX(${Number.isNaN(used) ? 0 : Math.min(1, used)})`;
    say(cells.disk.value, view.archive ? bytes(view.archive.bytes) : "off");
  }
}

/** @param {HTMLElement} root @param {import("../store.js").Part | null | undefined} part */
function paintPart(root, part) {
  root.hidden = !part;
  if (!part) return;
  mark(root, "data-up", String(part.up));
  mark(root, "title", part.up ? part.where ?? "up" : part.why ?? "down");
}

/** @param {string} label @param {string} suffix */
function figure(label, suffix) {
  const value = el("span", { class: "value" });
  return { root: el("div", {}, el("dt", { text: label }), el("dd", {}, value, suffix && el("span", { class: "unit", text: suffix }))), value };
}
