import { fetchCoverage } from "../archive/recordings.js";

const AGAIN_MS = 5000, SETTLED_MS = 5000;

/** Losses that the archive reports. Each range is requested only once. */
export class RecordedLosses {
  /** @type {import("../archive/recordings.js").Coverage[]} */
  #coverage = [];
  #from = Infinity;
  #to = -Infinity;
  #next = 0;
  #isAsking = false;

  /** @param {() => number} now */
  constructor(now) {
    this.now = now;
  }

  /** @param {string} channel @param {number} from @param {number} to @returns {import("./marks.js").Loss[]} */
  of(channel, from, to) {
    if (to <= from) return [];
    const isKnown = from >= this.#from && to <= this.#to;
    if (!isKnown && !this.#isAsking && performance.now() > this.#next) void this.#ask(from - (to - from), to + (to - from));
    return this.#coverage.find(c => c.channel === channel)?.gaps.filter(g => g.to >= from && g.from <= to && g.count !== null && g.count > 0) ?? [];
  }

  /** @param {number} from @param {number} to */
  async #ask(from, to) {
    this.#isAsking = true;
    try {
      this.#coverage = await fetchCoverage(from, to);
      [this.#from, this.#to] = [from, Math.min(to, this.now() - SETTLED_MS)];
    } catch {
      // Charts show what they have. The next drawing requests the range again.
    }
    this.#isAsking = false;
    this.#next = performance.now() + AGAIN_MS;
  }
}
