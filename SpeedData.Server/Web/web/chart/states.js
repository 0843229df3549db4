import { LiveSignal } from "./live.js";
import { PastState } from "./paststate.js";
import { stateText } from "./statetext.js";

const KEPT = 4096;

/**
 * A value and the time during which the signal had it; null while the value is unknown.
 * @typedef {{ from: number, to: number, value: string | null }} Spell in ms
 * @typedef {{ at: number, device: number, value: string | null }} Moment when the signal changed to a value, on both clocks
 */

/** The values of a signal that is not a number, live and from the archive. Its buckets show when the channel had records. */
export class LiveState extends LiveSignal {
  /** @type {Moment[]} */
  #moments = [];
  /** @type {string | undefined} */
  #latest = undefined;

  #past;

  /** @param {import("../feed/feed.js").Feed} feed @param {string} name with the channel's name @param {string} channel @param {import("../store.js").Signal} signal @param {() => number} now */
  constructor(feed, name, channel, signal, now) {
    super(feed, name);
    this.channel = channel;
    this.#past = new PastState(channel, signal, now);
  }

  get text() {
    return this.#latest;
  }

  /** The time from which the values are known. */
  get since() {
    return this.#moments[this.#moments.findLastIndex(m => m.value === null) + 1]?.at ?? Infinity;
  }

  /** @param {number} from @param {number} to @param {boolean} byDevice @param {import("./history.js").Points | undefined} points how many records the archive has */
  spells(from, to, byDevice, points) {
    this.#past.want(from, Math.min(to, this.since), points);
    return spells(joined(this.#past.moments, this.#moments), from, to, byDevice);
  }

  leave() {
    super.leave();
    this.#past.leave();
  }

  /** Marks the value as unknown after the connection was lost, since changes may be missing. */
  restart() {
    const { buckets } = this;
    if (buckets.length > 0 && this.#moments.length > 0) this.#note({ at: buckets.start[buckets.at(0)] + 1, device: buckets.device[buckets.at(0)] + 1, value: null });
    super.restart();
  }

  /** @param {number} width @param {import("./buckets.js").Buckets} buckets */
  subscribe(width, buckets) {
    const endRecords = this.feed.records(this.channel, width, buckets);
    const endChanges = this.feed.watch(this.name, width, change => {
      this.#latest = stateText(change.value);
      this.#note({ at: change.received, device: change.device ?? change.received, value: this.#latest });
    });
    return () => {
      endRecords();
      endChanges();
    };
  }

  /** @param {Moment} moment */
  #note(moment) {
    // A change arrives more than once if another part of the page watches the signal, too.
    if (moment.at <= (this.#moments.at(-1)?.at ?? -Infinity)) return;
    this.#moments.push(moment);
    if (this.#moments.length > KEPT) this.#moments.splice(0, KEPT / 4);
  }
}

/** Live values, preceded by those of the archive. @param {readonly Moment[]} past @param {readonly Moment[]} live */
function joined(past, live) {
  if (past.length === 0) return live;
  const holes = [{ from: -Infinity, to: live[0]?.at ?? Infinity }];
  live.forEach((moment, i) => moment.value === null && holes.push({ from: moment.at, to: live[i + 1]?.at ?? Infinity }));
  return [...past.filter(p => holes.some(hole => p.at > hole.from && p.at < hole.to)), ...live].sort((a, b) => a.at - b.at);
}

/** Returns the values between two times. Neighbours with the same value are joined. @param {readonly Moment[]} moments @param {number} from @param {number} to @param {boolean} byDevice */
function spells(moments, from, to, byDevice) {
  /** @type {Spell[]} */
  const found = [];
  for (let i = 0; i < moments.length; i++) {
    const begin = byDevice ? moments[i].device : moments[i].at;
    const next = i + 1 < moments.length ? moments[i + 1] : null;
    const end = Math.min(to, next ? (byDevice ? next.device : next.at) : Infinity);
    if (end <= from || begin >= to) continue;
    const before = found.at(-1);
    if (before && before.value === moments[i].value && before.to >= begin) before.to = end;
    else found.push({ from: Math.max(from, begin), to: end, value: moments[i].value });
  }
  return found;
}
