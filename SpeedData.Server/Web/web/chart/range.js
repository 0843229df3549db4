/** The y-range of a chart: fixed, or fitted to the values. It grows at once and shrinks late, so that lines do not jump. */
export class YRange {
  #low = NaN;
  #high = NaN;
  /** @type {[number, number] | null} */
  fixed = null;

  /** @param {import("./grid.js").Track[]} tracks @param {number} from first visible index @param {number} to @returns {[number, number]} */
  over(tracks, from, to) {
    if (this.fixed) return this.fixed;
    let low = Infinity, high = -Infinity;
    for (const track of tracks) {
      for (let k = 0; k < track.used; k++) {
        const i = track.filled[k];
        if (i < from || i > to) continue;
        const min = Number(track.min[i]), max = Number(track.max[i]);
        if (min < low && Number.isFinite(min)) low = min;
        if (max > high && Number.isFinite(max)) high = max;
      }
    }
    if (low > high) return Number.isNaN(this.#low) ? [0, 1] : [this.#low, this.#high];
    const room = high > low ? (high - low) * 0.08 : Math.max(Math.abs(high) * 0.05, 0.5);
    const wantLow = low - room, wantHigh = high + room;
    const isOutside = !(low >= this.#low && high <= this.#high);
    if (isOutside || wantHigh - wantLow < 0.6 * (this.#high - this.#low)) [this.#low, this.#high] = [wantLow, wantHigh];
    return [this.#low, this.#high];
  }

  reset() {
    this.#low = this.#high = NaN;
  }
}
