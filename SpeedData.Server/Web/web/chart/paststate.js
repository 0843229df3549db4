import { fetchStates } from "./history.js";

const MOST_ROWS = 3000, MOST_RECORDS = 200000, AGAIN_MS = 1000, SETTLED_MS = 2000;

/**
 * The archive's values of one signal that is not a number. If there are many records, only some of them are read; if there are too many, none:
 * the archive has no summaries of such values.
 */
export class PastState {
  /** @type {{ from: number, to: number, moments: import("./states.js").Moment[] }} */
  #block = { from: Infinity, to: -Infinity, moments: [] };
  #asking = false;
  #next = 0;
  #stop = new AbortController();

  /** @param {string} channel @param {import("../store.js").Signal} signal @param {() => number} now */
  constructor(channel, signal, now) {
    this.channel = channel;
    this.signal = signal;
    this.now = now;
  }

  get moments() {
    return this.#block.moments;
  }

  /** @param {number} from @param {number} to @param {import("./history.js").Points | undefined} points to see how many records there are */
  want(from, to, points) {
    if (!points || to <= from || this.#asking || performance.now() < this.#next || (this.#block.from <= from && this.#block.to >= to)) return;
    let records = 0;
    for (let i = 0; i < points.at.length; i++) if (points.at[i] >= from && points.at[i] < to) records += points.count[i];
    if (records > MOST_RECORDS) this.#block = { from, to, moments: [] };
    else void this.#fetch(from, to, Math.max(1, Math.ceil(records / MOST_ROWS)));
  }

  leave() {
    this.#stop.abort();
  }

  /** @param {number} from @param {number} to @param {number} every */
  async #fetch(from, to, every) {
    this.#asking = true;
    // The latest records may not be written yet, so they are requested again.
    const until = Math.min(to, this.now() - SETTLED_MS);
    try {
      const moments = await fetchStates(this.channel, this.signal, { from, to, every }, this.#stop.signal);
      this.#block = { from, to: until, moments };
    } catch {
      // The lane stays empty. The chart's other signals show the reason.
    }
    this.#asking = false;
    this.#next = performance.now() + AGAIN_MS;
  }
}
