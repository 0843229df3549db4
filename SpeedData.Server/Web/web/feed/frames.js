/**
 * The binary messages of the feed, as docs/live-protocol.md describes them.
 * @typedef {{ table: number, rows: number, cells: number, width: number, sent: number, values: Float64Array }} Frame
 */

const LAYOUT = 1, BUCKETS = 1, HEADER = 32;

/** The cells at the start of a row, before the cells of the signals. */
export const ROW = { start: 0, received: 1, device: 2, count: 3, lostKernel: 4, lostRecording: 5, refused: 6, lostTap: 7, signals: 8 };

/** The cells of each signal. */
export const CELL = { min: 0, max: 1, mean: 2, last: 3, count: 4, length: 5 };

/** @param {ArrayBuffer} message @returns {Frame | null} null for an unknown kind */
export function readFrame(message) {
  if (message.byteLength < HEADER) return null;
  const view = new DataView(message);
  if (view.getUint8(0) !== LAYOUT || view.getUint8(1) !== BUCKETS) return null;
  const rows = view.getUint32(8, true), cells = view.getUint32(12, true);
  if (cells < ROW.signals || message.byteLength !== HEADER + rows * cells * 8) return null;
  return { table: view.getUint32(4, true), rows, cells, width: view.getFloat64(16, true), sent: view.getFloat64(24, true), values: new Float64Array(message, HEADER) };
}
