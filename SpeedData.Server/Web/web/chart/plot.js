import { clockTime, date } from "../format.js";
import { colour, dash } from "../palette.js";
import { scheme, styleColour } from "../theme.js";
import { bandPaths } from "./band.js";
import { drawGaps, drawLosses } from "./marks.js";

/** @typedef {import("../vendor/uplot.js").default} UPlot */

/** @type {Promise<typeof import("../vendor/uplot.js").default | null> | null} */
let library = null;

/** Loads uPlot; null in a build without it. */
export function loadPlot() {
  library ??= import("../vendor/uplot.js").then(
    module => {
      const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../vendor/uplot.css", import.meta.url).href });
      document.head.append(sheet);
      return module.default;
    },
    () => null,
  );
  return library;
}

/**
 * @param {typeof import("../vendor/uplot.js").default} Plot @param {HTMLElement} place
 * @param {{ signals: { label: string, index: number, colour?: string }[], trackOf: (index: number) => import("./grid.js").Track,
 *   gaps: () => import("./marks.js").Stretch[], losses: () => import("./marks.js").Loss[], cursor: (index: number | null) => void, sync?: string, scheme?: import("../theme.js").Scheme,
 *   axis?: (seconds: number) => string }} options
 * @param {number} width @param {number} height
 */
export function makePlot(Plot, place, options, width, height) {
  const now = options.scheme ?? scheme();
  const paths = bandPaths(options.trackOf);
  const axis = { stroke: () => styleColour("--muted", now), grid: { stroke: () => styleColour("--grid", now), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
  return new Plot(
    {
      width,
      height,
      pxAlign: 0,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 6 }, sync: options.sync ? { key: options.sync, scales: ["x", null] } : undefined, y: false },
      scales: { x: { time: true, auto: false }, y: { auto: false } },
      axes: [
        { ...axis, size: 26, gap: 4, space: 90, values: (_, splits, __, ___, step) => (options.axis ? splits.map(options.axis) : times(splits, step ?? 1)) },
        { ...axis, size: 62, gap: 6, space: 34, ...(options.signals.length === 0 ? { values: () => [], grid: { show: false } } : {}) },
      ],
      series: [
        {},
        ...options.signals.map(signal => {
          const stroke = signal.colour ?? colour(signal.index, now);
          // The last two digits are the alpha: the line is visible through the band.
          return { label: signal.label, scale: "y", stroke, width: 1.6, dash: dash(signal.index), fill: /^#[0-9a-f]{6}$/i.test(stroke) ? `${stroke}66` : stroke, points: { show: false }, paths, spanGaps: false };
        }),
      ],
      hooks: {
        drawAxes: [u => drawGaps(u, options.gaps(), now)],
        draw: [u => drawLosses(u, options.losses(), now)],
        setCursor: [u => options.cursor(u.cursor.idx ?? null)],
      },
    },
    [[], ...options.signals.map(() => [])],
    place,
  );
}

/** @param {number[]} splits in seconds @param {number} step */
function times(splits, step) {
  let day = "";
  return splits.map(seconds => {
    const ms = seconds * 1000;
    const today = date(ms);
    const text = step < 1 ? clockTime(ms, true).slice(0, -2) : step < 60 ? clockTime(ms) : clockTime(ms).slice(0, 5);
    const shown = step >= 3600 && today !== day ? `${today.slice(5)} ${text}` : text;
    day = today;
    return shown;
  });
}
