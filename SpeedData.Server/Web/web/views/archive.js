import { fetchCoverage, fetchRuns, fetchTags } from "../archive/recordings.js";
import { runsTable } from "../archive/runs.js";
import { failed, selection } from "../archive/selection.js";
import { tagsTable } from "../archive/tagstable.js";
import { timeline } from "../archive/timeline.js";
import { TimeWindow } from "../chart/timewindow.js";
import { el, fill } from "../dom.js";
import { parseSpan, spanText } from "../format.js";
import { keep } from "../route.js";
import { loading } from "../notes.js";

const AGAIN_MS = 30000, TEN_YEARS = 10 * 366 * 86400000;
const SPANS = ["10min", "1h", "24h", "7d", "30d"];

/** The view of the archive: a timeline, and actions for a selected range. @param {HTMLElement} main @param {import("../app.js").Context} context */
export function archive(main, { store, leaving, route }) {
  const { query } = route;
  const window = new TimeWindow(parseSpan(query.get("window"), 3600000), query.get("at") ? Date.parse(query.get("at") ?? "") : null, () => store.now(), TEN_YEARS);
  /** @type {import("../archive/recordings.js").Coverage[]} */
  let coverage = [];
  /** @type {import("../archive/recordings.js").Run[]} */
  let runs = [];
  /** @type {import("../archive/recordings.js").Tag[] | null} */
  let tags = null;
  /** @type {import("../archive/selection.js").Range | null} */
  let range = parseRange(query.get("range"));
  let chosen = new Set((query.get("channels") ?? "").split(",").filter(Boolean));

  const place = el("div", { class: "stack archive" });
  main.append(el("div", { class: "row spread view-head" }, el("h1", { text: "Archive" }), spanTools(window, leaving, () => whole())), place);

  /** @param {number} from @param {number} to @param {string | null} [run] */
  const select = (from, to, run = null) => {
    range = { from, to, run };
    show();
  };
  /** @param {string} channel */
  const choose = channel => {
    if (!chosen.delete(channel)) chosen.add(channel);
    show();
  };
  const line = timeline({ window, leaving, select, choose });
  const acts = selection({ change: select, channels: () => [...chosen], hasTags: () => tags !== null, tagged: () => void load() });
  const list = runsTable({ select: run => select(run.from, run.to + 1, run.id), reveal: run => window.show(run.from - (run.to - run.from) * 0.1 - 1000, run.to + (run.to - run.from) * 0.1 + 1000) });
  const tagged = tagsTable({ select: tag => select(tag.from, tag.to ?? store.now()), changed: () => void load() });

  const show = () => {
    line.mark(range);
    acts.show(range);
    keep({ range: range ? `${Math.round(range.from)}~${Math.round(range.to)}` : null, channels: chosen.size === coverage.length ? null : [...chosen].join(","), window: spanText(Math.round(window.span)), at: window.end === null ? null : new Date(window.end).toISOString() });
  };
  const whole = () => {
    const all = coverage.flatMap(c => c.segments);
    if (all.length > 0) window.show(Math.min(...all.map(s => s.from)), Math.max(...all.map(s => s.to)) + 1000);
  };
  let isFirst = true;
  const load = async () => {
    try {
      [coverage, runs, tags] = await Promise.all([fetchCoverage(), fetchRuns(), fetchTags()]);
    } catch (e) {
      if (isFirst) failed(place, e instanceof Error ? e.message : String(e), () => void load());
      return;
    }
    if (coverage.length === 0) return fill(place, el("div", { class: "card empty" }, el("strong", { text: "There are no recordings yet" }), el("p", { text: "This view shows when each channel was recorded." })));
    if (isFirst || !line.root.isConnected) {
      fill(place, el("section", { class: "card" }, line.root), acts.root, list.root, tagged.root);
      if (chosen.size === 0) chosen = new Set(coverage.map(c => c.channel));
      if (!query.get("window")) whole();
    }
    isFirst = false;
    line.show(coverage, tags ?? [], chosen);
    list.show(runs);
    tagged.show(tags);
    show();
  };
  loading(place);
  void load();
  leaving.every(() => !document.hidden && void load(), AGAIN_MS);
  leaving.listen(window, "change", show);
}

/** @param {TimeWindow} window @param {import("../dom.js").Leaving} leaving @param {() => void} whole */
function spanTools(window, leaving, whole) {
  const spans = SPANS.map(text => el("button", { type: "button", text, onclick: () => window.resize(parseSpan(text, 3600000)) }));
  const update = () => spans.forEach((b, i) => b.setAttribute("aria-pressed", String(Math.abs(parseSpan(SPANS[i], 0) - window.span) < 1000)));
  leaving.listen(window, "change", update);
  update();
  return el("div", { class: "row" },
    el("div", { class: "segments", role: "group", "aria-label": "Window" }, spans, el("button", { type: "button", text: "all", onclick: whole })),
    el("div", { class: "segments", role: "group", "aria-label": "Move" },
      el("button", { type: "button", "aria-label": "Back in time", text: "‹", onclick: () => window.pan(-window.span / 2) }),
      el("button", { type: "button", "aria-label": "Forward in time", text: "›", onclick: () => window.pan(window.span / 2) }),
      el("button", { type: "button", "aria-label": "Zoom in", text: "+", onclick: () => window.show(window.from + window.span / 4, window.to - window.span / 4) }),
      el("button", { type: "button", "aria-label": "Zoom out", text: "−", onclick: () => window.show(window.from - window.span / 2, window.to + window.span / 2) })));
}

/** @param {string | null} text */
function parseRange(text) {
  const [from, to] = (text ?? "").split("~").map(Number);
  return from > 0 && to > from ? { from, to, run: null } : null;
}
