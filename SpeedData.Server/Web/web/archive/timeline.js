import { el, fill, say } from "../dom.js";
import { clockTime, date, dateTime, span } from "../format.js";
import { onScheme, styleColour } from "../theme.js";

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000].map(s => s * 1000);

/**
 * Shows over a window of time where each channel has data and where it was lost. Dragging selects a range.
 * @param {{ window: import("../chart/timewindow.js").TimeWindow, leaving: import("../dom.js").Leaving, select: (from: number, to: number) => void, choose: (channel: string) => void }} options
 */
export function timeline({ window, leaving, select, choose }) {
  const rows = el("div", { class: "tl-rows" });
  const band = el("div", { class: "tl-band", hidden: true });
  const axis = el("div", { class: "tl-axis", "aria-hidden": "true" });
  const hover = el("div", { class: "tl-hover muted small" });
  const lanes = el("div", { class: "tl-lanes" }, rows, el("div", { class: "tl-select" }, band));
  const root = el("div", { class: "timeline" }, lanes, axis, hover);
  /** @type {{ from: number, to: number } | null} */
  let selection = null;
  /** @type {{ canvas: HTMLCanvasElement, coverage: import("./recordings.js").Coverage }[]} */
  let drawn = [];
  /** @type {import("./recordings.js").Tag[]} */
  let tags = [];
  const area = /** @type {HTMLElement} */ (lanes.lastElementChild);
  const timeAt = /** @param {number} x */ x => {
    const box = area.getBoundingClientRect();
    return window.from + ((x - box.left) / box.width) * window.span;
  };

  const draw = () => {
    for (const { canvas, coverage } of drawn) paint(canvas, coverage, window, tags);
    drawAxis(axis, window, area.clientWidth);
    band.hidden = selection === null;
    if (!selection) return;
    const left = ((selection.from - window.from) / window.span) * 100, right = ((selection.to - window.from) / window.span) * 100;
    band.style.left = `${Math.max(0, left)}%`;
    band.style.width = `${Math.max(0, Math.min(100, right) - Math.max(0, left))}%`;
    band.hidden = right < 0 || left > 100;
  };

  /** @type {number | null} */
  let held = null;
  leaving.listen(area, "pointerdown", (/** @type {PointerEvent} */ e) => {
    if (e.button !== 0) return;
    held = timeAt(e.clientX);
    area.setPointerCapture(e.pointerId);
  });
  leaving.listen(area, "pointermove", (/** @type {PointerEvent} */ e) => {
    const at = timeAt(e.clientX);
    if (held !== null && Math.abs(at - held) > window.span / 400) select(Math.min(held, at), Math.max(held, at));
    say(hover, describe(drawn, at, e.clientY));
  });
  leaving.listen(area, "pointerup", (/** @type {PointerEvent} */ e) => {
    const at = timeAt(e.clientX);
    if (held !== null && Math.abs(at - held) <= window.span / 400) {
      const run = segmentAt(drawn, at, e.clientY);
      if (run) select(run.from, run.to);
    }
    held = null;
  });
  leaving.listen(area, "pointerleave", () => say(hover, ""));
  leaving.listen(area, "wheel", (/** @type {WheelEvent} */ e) => {
    if (!e.ctrlKey && Math.abs(e.deltaX) < Math.abs(e.deltaY)) return;
    e.preventDefault();
    if (e.ctrlKey) window.zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * 0.005), timeAt(e.clientX));
    else window.pan((e.deltaX / area.clientWidth) * window.span);
  }, { passive: false });
  leaving.listen(window, "change", draw);
  leaving.add(onScheme(draw));
  const resized = new ResizeObserver(draw);
  resized.observe(lanes);
  leaving.add(() => resized.disconnect());

  return {
    root,
    /** @param {import("./recordings.js").Coverage[]} coverage @param {import("./recordings.js").Tag[]} known @param {Set<string>} chosen */
    show(coverage, known, chosen) {
      tags = known;
      drawn = coverage.map(c => ({ coverage: c, canvas: el("canvas", { role: "img", "aria-label": `${c.channel}: ${c.segments.length} ranges with data` }) }));
      fill(rows, drawn.map(({ canvas, coverage: { channel } }) => {
        const box = el("input", { type: "checkbox", checked: chosen.has(channel), onchange: () => choose(channel) });
        return el("div", { class: "tl-row", dataset: { channel } }, el("label", { class: "tl-name", title: channel }, box, el("span", { text: channel })), canvas);
      }));
      draw();
    },
    /** @param {{ from: number, to: number } | null} range */
    mark(range) {
      selection = range;
      draw();
    },
  };
}

/** @param {HTMLCanvasElement} canvas @param {import("./recordings.js").Coverage} coverage @param {import("../chart/timewindow.js").TimeWindow} window @param {import("./recordings.js").Tag[]} tags */
function paint(canvas, coverage, window, tags) {
  const ratio = devicePixelRatio;
  const width = (canvas.width = Math.round(canvas.clientWidth * ratio)), height = (canvas.height = Math.round(canvas.clientHeight * ratio));
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const { from, span: length } = window;
  const x = (/** @type {number} */ ms) => ((ms - from) / length) * width;
  const bar = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ top, /** @type {number} */ tall, /** @type {string} */ colour) => {
    const left = Math.max(0, x(a)), right = Math.min(width, x(b));
    if (right < 0 || left > width || right < left) return;
    pen.fillStyle = colour;
    pen.fillRect(left, top, Math.max(right - left, 1.5 * ratio), tall);
  };
  const middle = height * 0.28, tall = height * 0.5;
  for (const tag of tags) if (!tag.channels || tag.channels.includes(coverage.channel)) bar(tag.from, tag.to ?? window.now(), 1, height * 0.14, styleColour("--warn"));
  for (const segment of coverage.segments) bar(segment.from, segment.to, middle, tall, styleColour("--accent"));
  for (const gap of coverage.gaps) {
    bar(gap.from, gap.to, middle, tall, styleColour("--surface"));
    bar(gap.from, gap.to, gap.count ? middle : middle + tall * 0.42, gap.count ? tall : tall * 0.16, styleColour(gap.count ? "--loss" : "--line-strong"));
  }
}

/** @param {HTMLElement} axis @param {import("../chart/timewindow.js").TimeWindow} window @param {number} width */
function drawAxis(axis, window, width) {
  const step = STEPS.find(s => (s / window.span) * width > 84) ?? STEPS[STEPS.length - 1];
  const zone = new Date().getTimezoneOffset() * 60000;
  const labels = [];
  for (let at = Math.ceil((window.from - zone) / step) * step + zone; at <= window.to; at += step) {
    const label = el("span", { text: step >= 86400000 ? date(at).slice(5) : step < 60000 ? clockTime(at) : clockTime(at).slice(0, 5) });
    label.style.left = `${((at - window.from) / window.span) * 100}%`;
    labels.push(label);
  }
  fill(axis, labels, el("span", { class: "tl-day", text: date(window.from) }));
}

/** @param {{ canvas: HTMLCanvasElement, coverage: import("./recordings.js").Coverage }[]} drawn @param {number} y */
function rowAt(drawn, y) {
  return drawn.find(({ canvas }) => {
    const box = canvas.getBoundingClientRect();
    return y >= box.top - 3 && y <= box.bottom + 3;
  })?.coverage;
}

/** @param {{ canvas: HTMLCanvasElement, coverage: import("./recordings.js").Coverage }[]} drawn @param {number} at @param {number} y */
function segmentAt(drawn, at, y) {
  return rowAt(drawn, y)?.segments.find(s => at >= s.from && at <= s.to);
}

/** @param {{ canvas: HTMLCanvasElement, coverage: import("./recordings.js").Coverage }[]} drawn @param {number} at @param {number} y */
function describe(drawn, at, y) {
  const row = rowAt(drawn, y);
  const gap = row?.gaps.find(g => at >= g.from && at <= g.to);
  const segment = row?.segments.find(s => at >= s.from && at <= s.to);
  const what = gap ? `${gap.why.replace("_", " ")}${gap.count ? `, ${gap.count} lost` : ""}, ${span((gap.to - gap.from) / 1000)}` : segment ? `run ${segment.run}, ${segment.records} records` : "";
  return `${dateTime(at)}${row ? ` · ${row.channel}` : ""}${what ? ` · ${what}` : ""}`;
}
