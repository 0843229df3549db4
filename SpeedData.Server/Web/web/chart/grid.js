/** Puts buckets of different origin on one grid of times, so that signals of several channels share an axis. */

/**
 * @typedef {{ start: number, width: number, length: number }} Grid times in ms
 * @typedef {{ min: (number | null | undefined)[], max: (number | null | undefined)[], mean: (number | null | undefined)[], counts: number[], filled: Int32Array, used: number }} Track
 * @typedef {(take: (at: number, min: number, max: number, mean: number, count: number) => void) => void} Source
 * @typedef {{ from: number, to: number }} Gap
 */

/** @param {number} from @param {number} to @param {number} width @returns {Grid} */
export function gridOver(from, to, width) {
  const start = Math.floor(from / width) * width;
  return { start, width, length: Math.ceil((to - start) / width) + 1 };
}

/** @returns {Track} */
export function track() {
  return { min: [], max: [], mean: [], counts: [], filled: new Int32Array(0), used: 0 };
}

/**
 * Fills a track from its sources. A place that an earlier source has filled is not touched by a later one. Undefined places are
 * drawn through; null ends a line.
 * @param {Track} out @param {Grid} grid @param {Source[]} sources @param {number} longest a pause that is longer is a gap
 * @returns {Gap[]}
 */
export function fillTrack(out, grid, sources, longest) {
  reset(out, grid.length);
  const owner = owners(grid.length);
  sources.forEach((source, number) => source((at, min, max, mean, count) => {
    const slot = Math.floor((at - grid.start) / grid.width);
    if (slot < 0 || slot >= grid.length || (owner[slot] !== 0 && owner[slot] !== number + 1)) return;
    merge(out, slot, owner[slot] !== 0, min, max, mean, count);
    owner[slot] = number + 1;
  }));
  return breakLines(out, grid, owner, longest);
}

/** The usual distance between places that have something, in ms; NaN for fewer than three. @param {Track} filled @param {Grid} grid */
export function usualStep(filled, grid) {
  if (filled.used < 3) return NaN;
  const steps = new Int32Array(filled.used - 1);
  for (let i = 1; i < filled.used; i++) steps[i - 1] = filled.filled[i] - filled.filled[i - 1];
  steps.sort();
  return steps[steps.length >> 1] * grid.width;
}

/** @type {Uint8Array} */
let shared = new Uint8Array(0);

/** @param {number} length */
function owners(length) {
  if (shared.length < length) shared = new Uint8Array(length * 2);
  shared.fill(0, 0, length);
  return shared;
}

/** @param {Track} out @param {number} length */
function reset(out, length) {
  out.min.length = out.max.length = out.mean.length = out.counts.length = length;
  out.min.fill(undefined);
  out.max.fill(undefined);
  out.mean.fill(undefined);
  out.counts.fill(0);
  if (out.filled.length < length) out.filled = new Int32Array(length * 2);
  out.used = 0;
}

/** @param {Track} out @param {number} slot @param {boolean} more @param {number} min @param {number} max @param {number} mean @param {number} count */
function merge(out, slot, more, min, max, mean, count) {
  if (!more) {
    out.min[slot] = min;
    out.max[slot] = max;
    out.mean[slot] = mean;
    out.counts[slot] = count;
    return;
  }
  const before = out.counts[slot];
  out.min[slot] = Math.min(Number(out.min[slot]), min);
  out.max[slot] = Math.max(Number(out.max[slot]), max);
  out.mean[slot] = (Number(out.mean[slot]) * before + mean * count) / (before + count);
  out.counts[slot] = before + count;
}

/** @param {Track} out @param {Grid} grid @param {Uint8Array} owner @param {number} longest @returns {Gap[]} */
function breakLines(out, grid, owner, longest) {
  /** @type {Gap[]} */
  const gaps = [];
  let before = -1;
  for (let slot = 0; slot < grid.length; slot++) {
    if (owner[slot] === 0) continue;
    out.filled[out.used++] = slot;
    if (before >= 0 && (slot - before) * grid.width > longest) {
      out.mean[before + 1] = out.min[before + 1] = out.max[before + 1] = null;
      gaps.push({ from: grid.start + (before + 1) * grid.width, to: grid.start + slot * grid.width });
    }
    before = slot;
  }
  return gaps;
}
