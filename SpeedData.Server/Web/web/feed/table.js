import { CELL, ROW } from "./frames.js";

/** @typedef {{ from: number, to: number, count: number, why: string }} Loss */

const KEPT = 400;
const REASONS = /** @type {const} */ ([[ROW.lostKernel, "kernel"], [ROW.lostRecording, "recording"], [ROW.refused, "refused"], [ROW.lostTap, "feed"]]);

/** Datagrams of one channel that were lost, as one subscription has seen them. */
export class LossLog {
  /** @type {Loss[]} */
  losses = [];

  /** @param {number} start @param {number} width @param {Float64Array} values @param {number} row where it begins */
  note(start, width, values, row) {
    for (const [cell, why] of REASONS) {
      const count = values[row + cell];
      if (count > 0) this.losses.push({ from: start, to: start + width, count, why });
    }
    if (this.losses.length > KEPT) this.losses.splice(0, this.losses.length - KEPT);
  }
}

/** One channel of a subscription: where the cells of its rows go. */
export class Table {
  /** @param {string} channel @param {Set<import("../chart/buckets.js").Buckets>[]} receivers for each signal in the order of the cells @param {LossLog} log */
  constructor(channel, receivers, log) {
    this.channel = channel;
    this.receivers = receivers;
    this.log = log;
  }

  /** @param {import("./frames.js").Frame} frame */
  take({ rows, cells, width, values }) {
    for (let row = 0; row < rows * cells; row += cells) {
      const start = values[row + ROW.start];
      if (values[row + ROW.lostKernel] + values[row + ROW.lostRecording] + values[row + ROW.refused] + values[row + ROW.lostTap] > 0) this.log.note(start, width, values, row);
      if (values[row + ROW.count] === 0) continue;
      const device = start + (values[row + ROW.device] - values[row + ROW.received]);
      this.receivers.forEach((set, signal) => {
        const at = row + ROW.signals + signal * CELL.length;
        for (const buckets of set)
          buckets.push(start, values[at + CELL.min], values[at + CELL.max], values[at + CELL.mean], values[at + CELL.last], values[at + CELL.count], device);
      });
    }
  }
}
