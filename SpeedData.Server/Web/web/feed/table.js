import { CELL, ROW } from "./frames.js";

/** @typedef {{ from: number, to: number, count: number, why: string }} Loss */

const KEPT = 400;
const REASONS = /** @type {const} */ ([[ROW.lostKernel, "kernel"], [ROW.lostRecording, "recording"], [ROW.refused, "refused"], [ROW.lostTap, "feed"]]);

/** The lost datagrams of one channel, as reported to one subscription. */
export class LossLog {
  /** @type {Loss[]} */
  losses = [];

  /** @param {number} start @param {number} width @param {Float64Array} values @param {number} row index of its first cell */
  note(start, width, values, row) {
    for (const [cell, why] of REASONS) {
      const count = values[row + cell];
      if (count > 0) this.losses.push({ from: start, to: start + width, count, why });
    }
    if (this.losses.length > KEPT) this.losses.splice(0, this.losses.length - KEPT);
  }
}

/** One channel of a subscription. It passes the cells of each row to the buckets. */
export class Table {
  /** Signals that some of the channel's schemas lack and that no record has had yet. @type {Set<number>} */
  #unseen;

  /** @param {string} channel @param {Set<import("../chart/buckets.js").Buckets>[]} receivers for each signal in the order of the cells @param {LossLog} log @param {boolean[]} partial for each signal @param {Set<import("../chart/buckets.js").Buckets>} records which rows had records */
  constructor(channel, receivers, log, partial, records) {
    this.channel = channel;
    this.receivers = receivers;
    this.log = log;
    this.records = records;
    this.#unseen = new Set(partial.flatMap((is, signal) => (is ? [signal] : [])));
  }

  /** Whether no record of a bucket has the signal in its schema. @param {number} signal @param {number} count @param {number} last */
  #isAbsent(signal, count, last) {
    if (count === 0 && !Number.isNaN(last)) return true;
    if (!this.#unseen.has(signal)) return false;
    if (count > 0) this.#unseen.delete(signal);
    return count === 0;
  }

  /** @param {import("./frames.js").Frame} frame */
  take({ rows, cells, width, values }) {
    for (let row = 0; row < rows * cells; row += cells) {
      const start = values[row + ROW.start];
      if (values[row + ROW.lostKernel] + values[row + ROW.lostRecording] + values[row + ROW.refused] + values[row + ROW.lostTap] > 0) this.log.note(start, width, values, row);
      if (values[row + ROW.count] === 0) continue;
      const device = start + (values[row + ROW.device] - values[row + ROW.received]);
      for (const buckets of this.records) buckets.push(start, 0, 0, 0, 0, values[row + ROW.count], device);
      this.receivers.forEach((set, signal) => {
        const at = row + ROW.signals + signal * CELL.length;
        if (this.#isAbsent(signal, values[at + CELL.count], values[at + CELL.last])) return;
        for (const buckets of set)
          buckets.push(start, values[at + CELL.min], values[at + CELL.max], values[at + CELL.mean], values[at + CELL.last], values[at + CELL.count], device);
      });
    }
  }
}
