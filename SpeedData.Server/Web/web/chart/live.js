import { Buckets } from "./buckets.js";

const WIDTHS = [20, 50, 100, 200, 500, 1000];

/** Returns the greatest bucket width that still gives each pixel a bucket. @param {number} span @param {number} pixels */
export function liveWidth(span, pixels) {
  const wanted = span / Math.max(200, pixels);
  return WIDTHS.find(width => width >= wanted) ?? 1000;
}

/** The live buckets of one signal. When the width changes, the old buckets remain until new ones cover their time. */
export class LiveSignal {
  /** @type {Buckets | null} */
  #before = null;
  #now = new Buckets();
  #width = 0;
  #end = () => {};

  /** @param {import("../feed/feed.js").Feed} feed @param {string} name with the channel's name */
  constructor(feed, name) {
    this.feed = feed;
    this.name = name;
  }

  /** @param {number} width */
  use(width) {
    if (width === this.#width) return;
    this.#width = width;
    this.#begin();
  }

  /** Starts again, for example after the connection was lost. The archive has the missed data. */
  restart() {
    this.#begin();
  }

  /** @param {number} width @param {Buckets} buckets @returns {() => void} */
  subscribe(width, buckets) {
    return this.feed.subscribe(this.name, width, buckets);
  }

  #begin() {
    this.#end();
    if (this.#now.length > 0) this.#before = this.#now;
    this.#now = new Buckets();
    this.#end = this.subscribe(this.#width, this.#now);
  }

  leave() {
    this.#end();
  }

  /** The time from which the buckets are complete. */
  get since() {
    return this.#now.oldest;
  }

  /** @returns {Buckets} */
  get buckets() {
    return this.#now;
  }

  get latest() {
    return this.#now.value ?? this.#before?.value;
  }

  /** @param {number} from @param {boolean} byDevice @param {(at: number) => boolean} isWanted for a receive time @returns {import("./grid.js").Source[]} */
  sources(from, byDevice, isWanted) {
    return [this.#now, this.#before].filter(b => b !== null).map(buckets => take => {
      const time = byDevice ? buckets.device : buckets.start;
      for (let back = 0; back < buckets.length; back++) {
        const i = buckets.at(back);
        if (time[i] < from) break;
        if (isWanted(buckets.start[i])) take(time[i], buckets.min[i], buckets.max[i], buckets.mean[i], buckets.count[i]);
      }
    });
  }
}
