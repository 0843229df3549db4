/**
 * The latest buckets of one signal, in memory that never grows. Times are ms since 1970: the bucket's start by the
 * recorder's clock, and the device's time of its last record.
 */
export class Buckets {
  #mask;
  #next = 0;
  #held = 0;

  /** @param {number} capacity a power of two */
  constructor(capacity = 4096) {
    this.#mask = capacity - 1;
    this.start = new Float64Array(capacity);
    this.min = new Float64Array(capacity);
    this.max = new Float64Array(capacity);
    this.mean = new Float64Array(capacity);
    this.last = new Float64Array(capacity);
    this.count = new Float64Array(capacity);
    this.device = new Float64Array(capacity);
    /** The value in the latest record, even if it cannot be drawn: NaN for null. @type {number | undefined} */
    this.value = undefined;
  }

  get length() {
    return this.#held;
  }

  /** Returns the index of an entry, counted back from the latest. @param {number} back */
  at(back) {
    return (this.#next - 1 - back) & this.#mask;
  }

  /** The start of the oldest bucket in memory. */
  get oldest() {
    return this.#held === 0 ? Infinity : this.start[this.at(this.#held - 1)];
  }

  /** Adds a row. A second row of the same bucket is merged with the first. With count 0 there were records, but no value to draw. @param {number} start @param {number} min @param {number} max @param {number} mean @param {number} last @param {number} count @param {number} device */
  push(start, min, max, mean, last, count, device) {
    this.value = last;
    const latest = this.at(0);
    const isAgain = this.#held > 0 && this.start[latest] === start;
    if (isAgain && count === 0) return;
    if (isAgain && this.count[latest] > 0) {
      const before = this.count[latest], all = before + count;
      min = Math.min(this.min[latest], min);
      max = Math.max(this.max[latest], max);
      mean = (this.mean[latest] * before + mean * count) / all;
      count = all;
    } else if (!isAgain) {
      this.#next++;
      this.#held = Math.min(this.#held + 1, this.#mask + 1);
    }
    const i = this.at(0);
    this.start[i] = start;
    this.min[i] = min;
    this.max[i] = max;
    this.mean[i] = mean;
    this.last[i] = last;
    this.count[i] = count;
    this.device[i] = device;
  }

  /** Adds a bucket from the archive before the oldest. @param {number} start @param {number} min @param {number} max @param {number} mean @param {number} count @param {number} device */
  prepend(start, min, max, mean, count, device) {
    if (this.#held > this.#mask || start >= this.oldest) return;
    const i = this.at(this.#held++);
    this.start[i] = start;
    this.min[i] = min;
    this.max[i] = max;
    this.mean[i] = this.last[i] = mean;
    this.count[i] = count;
    this.device[i] = device;
  }

  clear() {
    this.#held = 0;
    this.value = undefined;
  }
}
