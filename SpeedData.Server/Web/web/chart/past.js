import { ApiError } from "../api.js";
import { fetchPoints, suffices } from "./history.js";

const AGAIN_MS = 1000, SETTLED_MS = 2000;

/** @typedef {import("./history.js").Block} Block */

/** The archive's part of a chart. It is requested when the chart needs it, at most once a second, one request at a time. */
export class Past {
  /** @type {Block | null} */
  #block = null;
  #asking = false;
  #next = 0;
  /** @type {AbortController} */
  #stop = new AbortController();
  /** Why there is no data; null if there is. @type {string | null} */
  trouble = null;

  /** @param {() => number} now @param {() => void} arrived */
  constructor(now, arrived) {
    this.now = now;
    this.arrived = arrived;
  }

  get loading() {
    return this.#asking && this.#block === null;
  }

  /** @param {string} channel */
  of(channel) {
    return this.#block?.channels.get(channel);
  }

  /** @param {number} at in ms @returns whether the archive was requested for this time */
  knows(at) {
    return this.#block !== null && at >= this.#block.from && at < this.#block.to;
  }

  /**
   * @param {Map<string, string[]>} channels their signals
   * @param {{ from: number, to: number, points: number, clock: import("./history.js").Clock, around: number }} need `around`: ms before and after the range that are fetched, too
   */
  want(channels, need) {
    if (this.#asking || performance.now() < this.#next || suffices(this.#block, need.from, need.to, need.points, need.clock)) return;
    const range = { from: need.from - need.around, to: Math.min(this.now(), need.to + need.around), clock: need.clock, points: Math.ceil((need.points * (need.to - need.from + 2 * need.around)) / (need.to - need.from)) };
    this.#asking = true;
    void this.#fetch(channels, range);
  }

  forget() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#block = null;
    this.#next = 0;
  }

  /** @param {Map<string, string[]>} channels @param {{ from: number, to: number, points: number, clock: import("./history.js").Clock }} range */
  async #fetch(channels, range) {
    const { signal } = this.#stop;
    try {
      const found = await Promise.all([...channels].map(async ([channel, signals]) => /** @type {const} */ ([channel, await fetchPoints(channel, signals, range, signal)])));
      // The latest records may not be written yet, so they are requested again.
      this.#block = { ...range, to: Math.min(range.to, this.now() - SETTLED_MS), asked: this.now(), channels: new Map(found) };
      this.trouble = null;
    } catch (e) {
      if (signal.aborted) return;
      this.trouble = e instanceof ApiError ? (e.status === 404 ? "nothing was recorded yet" : e.message) : "the server does not answer";
    } finally {
      this.#asking = false;
      this.#next = performance.now() + (this.trouble ? 3 * AGAIN_MS : AGAIN_MS / 4);
      this.arrived();
    }
  }
}
