/** Puts buckets from different sources on one time grid, so that signals of several channels share an axis. */

/**
 * @typedef {{ start: number, width: number, length: number }} Grid times in ms
 * @typedef {{ min: (number | null | undefined)[], max: (number | null | undefined)[], mean: (number | null | undefined)[], counts: number[], filled: Int32Array, used: number, first: number, last: number }} Track
 *   `filled` has the indexes of places with a value, `used` is their number; `first` and `last` are places with a record, -1 for none
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
  return { min: [], max: [], mean: [], counts: [], filled: new Int32Array(0), used: 0, first: -1, last: -1 };
}

/**
 * Fills a track from its sources. A later source does not change a place that an earlier source has filled. A line continues across
 * undefined places; null ends it. A source gives NaN for records without a value: they end the line, but are not a gap.
 * @param {Track} out @param {Grid} grid @param {Source[]} sources @param {number} longest a longer pause is a gap
 * @returns {Gap[]}
 */
export function fillTrack(out, grid, sources, longest) {
  reset(out, grid.length);
  const owner = owners(grid.length);
  const empty = empties(grid.length);
  sources.forEach((source, number) => source((at, min, max, mean, count) => {
    const slot = Math.floor((at - grid.start) / grid.width);
    if (slot < 0 || slot >= grid.length || (owner[slot] !== 0 && owner[slot] !== number + 1)) return;
    if (Number.isNaN(mean)) {
      empty[slot] = 1;
      return;
    }
    merge(out, slot, owner[slot] !== 0, min, max, mean, count);
    owner[slot] = number + 1;
  }));
  return breakLines(out, grid, owner, empty, longest);
}

/** Returns the usual distance between filled places, in ms; NaN if fewer than three are filled. @param {Track} filled @param {Grid} grid */
export function usualStep(filled, grid) {
  if (filled.used < 3) return NaN;
  const steps = new Int32Array(filled.used - 1);
  for (let i = 1; i < filled.used; i++) steps[i - 1] = filled.filled[i] - filled.filled[i - 1];
  steps.sort();
  return steps[steps.length >> 1] * grid.width;
}

/** @type {Uint8Array} */
let shared = new Uint8Array(0);
/** @type {Uint8Array} */
let sharedEmpty = new Uint8Array(0);

/** @param {number} length */
function owners(length) {
  if (shared.length < length) shared = new Uint8Array(length * 2);
  shared.fill(0, 0, length);
  return shared;
}

/** @param {number} length */
function empties(length) {
  if (sharedEmpty.length < length) sharedEmpty = new Uint8Array(length * 2);
  sharedEmpty.fill(0, 0, length);
  return sharedEmpty;
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
  out.first = out.last = -1;
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

/** @param {Track} out @param {Grid} grid @param {Uint8Array} owner @param {Uint8Array} empty @param {number} longest @returns {Gap[]} */
function breakLines(out, grid, owner, empty, longest) {
  /** @type {Gap[]} */
  const gaps = [];
  for (let slot = 0; slot < grid.length; slot++) {
    const hasValue = owner[slot] !== 0;
    if (!hasValue && empty[slot] === 0) continue;
    if (hasValue) out.filled[out.used++] = slot;
    else out.mean[slot] = out.min[slot] = out.max[slot] = null;
    if (out.first < 0) out.first = slot;
    else if ((slot - out.last) * grid.width > longest) {
      const next = out.last + 1;
      out.mean[next] = out.min[next] = out.max[next] = null;
      gaps.push({ from: grid.start + next * grid.width, to: grid.start + slot * grid.width });
    }
    out.last = slot;
  }
  return gaps;
}
