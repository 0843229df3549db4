import { fetchPoints } from "./history.js";
import { styleColour } from "../theme.js";

const GAP_MS = 2000;

/** A small chart of one signal, without axes. */
export class Sparkline {
  #canvas = document.createElement("canvas");
  #low = NaN;
  #high = NaN;
  ratio = 1;

  #resized = new ResizeObserver(() => this.#size());

  /** @param {string} signal @param {number} span in ms */
  constructor(signal, span) {
    this.span = span;
    this.root = document.createElement("div");
    this.root.className = "sparkline";
    this.root.dataset.chart = signal;
    this.root.append(this.#canvas);
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", `${signal}, last ${Math.round(span / 1000)} seconds`);
    this.#resized.observe(this.root);
  }

  leave() {
    this.#resized.disconnect();
  }

  #size() {
    this.ratio = Math.min(2, devicePixelRatio);
    this.#canvas.width = Math.round(this.root.clientWidth * this.ratio);
    this.#canvas.height = Math.round(this.root.clientHeight * this.ratio);
  }

  /** @param {import("./buckets.js").Buckets} buckets @param {number} now @param {{ line: string, band: string }} colours */
  draw(buckets, now, colours) {
    const pen = this.#canvas.getContext("2d");
    if (!pen) return;
    const { width, height } = this.#canvas;
    pen.clearRect(0, 0, width, height);
    const from = now - this.span;
    let used = 0, values = 0;
    let low = Infinity, high = -Infinity;
    for (; used < buckets.length; used++) {
      const i = buckets.at(used);
      if (buckets.start[i] < from) break;
      values += Math.min(1, buckets.count[i]);
      if (buckets.min[i] < low) low = buckets.min[i];
      if (buckets.max[i] > high) high = buckets.max[i];
    }
    if (values === 0 || !Number.isFinite(low) || !Number.isFinite(high)) return;
    this.#settle(low, high);
    const room = 3 * this.ratio, scale = (height - 2 * room) / (this.#high - this.#low || 1), across = width / this.span;
    const y = (/** @type {number} */ value) => height - room - (value - this.#low) * scale;
    pen.lineWidth = 1.4 * this.ratio;
    pen.strokeStyle = colours.line;
    pen.fillStyle = colours.band;
    const line = new Path2D();
    let before = NaN, oldest = used - 1;
    const band = (/** @type {number} */ latest) => {
      const shape = new Path2D();
      for (let back = oldest; back >= latest; back--) shape.lineTo((buckets.start[buckets.at(back)] - from) * across, y(buckets.max[buckets.at(back)]));
      for (let back = latest; back <= oldest; back++) shape.lineTo((buckets.start[buckets.at(back)] - from) * across, y(buckets.min[buckets.at(back)]));
      pen.fill(shape);
    };
    for (let back = used - 1; back >= 0; back--) {
      const i = buckets.at(back);
      const x = (buckets.start[i] - from) * across, at = y(buckets.mean[i]);
      const hasValue = buckets.count[i] > 0;
      const isNext = hasValue && buckets.start[i] - before < GAP_MS;
      if (!isNext && back < used - 1) {
        band(back + 1);
        oldest = hasValue ? back : back - 1;
      }
      if (!hasValue) {
        before = NaN;
        continue;
      }
      if (isNext) line.lineTo(x, at);
      else line.moveTo(x, at);
      before = buckets.start[i];
    }
    band(0);
    pen.stroke(line);
  }

  /** @param {number} low @param {number} high */
  #settle(low, high) {
    if (low === high) [low, high] = [low - 0.5, high + 0.5];
    if (!(low >= this.#low && high <= this.#high) || high - low < 0.6 * (this.#high - this.#low)) [this.#low, this.#high] = [low, high];
  }
}

/** Adds the archive's points before the live ones. @param {import("./buckets.js").Buckets} buckets @param {string} channel @param {string} signal @param {{ from: number, to: number, points: number }} range */
export async function fillFromArchive(buckets, channel, signal, range) {
  const points = await fetchPoints(channel, [signal], { ...range, clock: "received" }, AbortSignal.timeout(5000)).catch(() => null);
  const columns = points?.signals.get(signal);
  if (!points || !columns) return;
  for (let i = points.at.length - 1; i >= 0; i--) if (!Number.isNaN(columns.mean[i])) buckets.prepend(points.at[i], columns.min[i], columns.max[i], columns.mean[i], points.count[i], points.device[i]);
}

export function sparkColours() {
  const line = styleColour("--accent");
  return { line, band: `${line}55` };
}
