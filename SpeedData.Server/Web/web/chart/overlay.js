import { el, fill, Leaving, say } from "../dom.js";
import { Precision } from "../format.js";
import { colour } from "../palette.js";
import { onScheme, scheme } from "../theme.js";
import { fillTrack, gridOver, track } from "./grid.js";
import { loadPlot, makePlot } from "./plot.js";
import { YRange } from "./range.js";

/** A chart of one signal in several runs, each drawn from its own start. */
export class Overlay {
  #leaving = new Leaving();
  /** @type {import("./plot.js").UPlot | null} */
  #plot = null;
  #legend = el("div", { class: "legend" });
  #place = el("div", { class: "plot tall" });

  /** @param {string} name @param {import("../store.js").Signal} signal @param {{ label: string, run: string, rows: any[] }[]} runs */
  constructor(name, signal, runs) {
    this.runs = runs;
    this.precision = new Precision(signal.type === "int" || signal.type === "long");
    const column = /** @param {string} what */ what => `${signal.name}_${what}`;
    const longest = Math.max(1, ...runs.map(r => Number(r.rows.at(-1)?.elapsed ?? 0))) * 1000;
    this.grid = gridOver(0, longest, Math.max(1, longest / 1200));
    this.tracks = runs.map(({ rows }) => {
      const filled = track();
      fillTrack(filled, this.grid, [take => {
        for (const row of rows) if (typeof row[column("mean")] === "number") take(row.elapsed * 1000, row[column("min")], row[column("max")], row[column("mean")], row.count);
      }], Math.max(1000, this.grid.width * 6));
      return filled;
    });
    this.values = runs.map(() => el("output", { text: "–" }));
    this.root = el("div", { class: "chart", dataset: { chart: name, runs: runs.map(r => r.run).join(",") } }, this.#legend, this.#place);
    this.#leaving.add(onScheme(() => void this.#make()));
    const resized = new ResizeObserver(() => this.#plot?.setSize({ width: this.#place.clientWidth, height: this.#place.clientHeight }));
    resized.observe(this.#place);
    this.#leaving.add(() => resized.disconnect());
    void this.#make();
  }

  leave() {
    this.#leaving.leave();
    this.#plot?.destroy();
  }

  async #make() {
    const Plot = await loadPlot();
    this.#plot?.destroy();
    fill(this.#legend, this.runs.map((run, i) => {
      const swatch = el("i", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = colour(i, scheme());
      return el("span", { class: "entry" }, swatch, el("span", { class: "name", text: run.label, title: run.run }), this.values[i]);
    }));
    if (!Plot) return fill(this.#place, el("p", { class: "over", text: "This build has no charts, because npm was missing when it was built." }));
    const xs = Array.from({ length: this.grid.length }, (_, i) => (i * this.grid.width) / 1000);
    this.#plot = makePlot(Plot, this.#place, {
      signals: this.runs.map((run, index) => ({ label: run.label, index })), trackOf: i => this.tracks[i], gaps: () => [], losses: () => [], axis: elapsed,
      cursor: index => this.values.forEach((value, i) => say(value, index === null || typeof this.tracks[i].mean[index] !== "number" ? "–" : this.precision.write(Number(this.tracks[i].mean[index])))),
    }, this.#place.clientWidth || 800, this.#place.clientHeight || 420);
    const [low, high] = new YRange().over(this.tracks, 0, this.grid.length);
    this.#plot.batch(() => {
      this.#plot?.setData(/** @type {any} */ ([xs, ...this.tracks.map(t => t.mean)]), false);
      this.#plot?.setScale("x", { min: 0, max: xs[xs.length - 1] });
      this.#plot?.setScale("y", { min: low, max: high });
    });
  }
}

/** @param {number} seconds */
function elapsed(seconds) {
  const whole = Math.round(seconds);
  return seconds < 120 ? `${Number(seconds.toFixed(2))} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`;
}
