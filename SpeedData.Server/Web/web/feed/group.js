import { LossLog, Table } from "./table.js";

/** All watched signals of one bucket width. They share one subscription, whose number is the width. */
export class Group {
  /** @type {Map<string, { buckets: Set<import("../chart/buckets.js").Buckets>, users: number }>} */
  #wanted = new Map();
  /** @type {Map<string, LossLog>} */
  #logs = new Map();
  /** @type {Map<string, Set<import("../chart/buckets.js").Buckets>>} */
  #records = new Map();
  #isDue = false;
  #isOpen = false;
  /** @type {number[]} */
  tables = [];

  /** @param {number} width @param {(message: unknown) => void} tell */
  constructor(width, tell) {
    this.width = width;
    this.tell = tell;
  }

  /** @param {string} name @param {import("../chart/buckets.js").Buckets | null} buckets */
  add(name, buckets) {
    const wanted = this.#wanted.get(name);
    if (wanted) wanted.users++;
    else {
      this.#wanted.set(name, { buckets: new Set(), users: 1 });
      this.#soon();
    }
    if (buckets) this.#wanted.get(name)?.buckets.add(buckets);
  }

  /** @param {string} name @param {import("../chart/buckets.js").Buckets | null} buckets */
  remove(name, buckets) {
    const wanted = this.#wanted.get(name);
    if (!wanted) return;
    if (buckets) wanted.buckets.delete(buckets);
    if (--wanted.users > 0) return;
    this.#wanted.delete(name);
    this.#soon();
  }

  /** @param {string} channel */
  log(channel) {
    let log = this.#logs.get(channel);
    if (!log) this.#logs.set(channel, (log = new LossLog()));
    return log;
  }

  /** Returns the buckets that record when a channel had records. @param {string} channel */
  records(channel) {
    const set = this.#records.get(channel) ?? new Set();
    this.#records.set(channel, set);
    return set;
  }

  /** @param {{ channel: string, numbers: { signal: string, partial: boolean }[] }} answer */
  table(answer) {
    return new Table(answer.channel, answer.numbers.map(n => this.#wanted.get(n.signal)?.buckets ?? new Set()), this.log(answer.channel), answer.numbers.map(n => n.partial), this.records(answer.channel));
  }

  send() {
    this.#isDue = false;
    if (this.#wanted.size > 0) this.tell({ type: "subscribe", id: this.width, signals: [...this.#wanted.keys()], width_ms: this.width });
    else if (this.#isOpen) this.tell({ type: "unsubscribe", id: this.width });
    this.#isOpen = this.#wanted.size > 0;
  }

  // A view adds many signals at once, so send one request for all.
  #soon() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.#isDue && this.send());
  }
}
