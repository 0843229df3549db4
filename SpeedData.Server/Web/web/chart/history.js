import { ask, part } from "../api.js";
import { stateText } from "./statetext.js";

/** Reads points from the archive, for times before the page was opened and for scrolling back. */

/**
 * @typedef {{ at: Float64Array, device: Float64Array, count: Float64Array, signals: Map<string, { min: Float64Array, max: Float64Array, mean: Float64Array }> }} Points
 * @typedef {{ from: number, to: number, points: number, clock: Clock, asked: number, channels: Map<string, Points> }} Block
 * @typedef {"received" | "device"} Clock
 */

/** The most rows that the server computes itself, without a child process. */
export const MOST_POINTS = 4000;

/**
 * @param {string} channel @param {string[]} signals without the channel's name
 * @param {{ from: number, to: number, points: number, clock: Clock }} range in ms @param {AbortSignal} signal
 * @returns {Promise<Points>}
 */
export async function fetchPoints(channel, signals, { from, to, points, clock }, signal) {
  const rows = await ask(`api/v1/channels/${part(channel)}/records`, {
    query: { from: nanoseconds(from), to: nanoseconds(to), clock: clock === "device" ? clock : null, max_points: Math.min(points, MOST_POINTS), fields: signals.map(escaped).join(","), format: "json" },
    signal,
  });
  return columns(rows ?? [], signals);
}

/** @param {Record<string, unknown>[]} rows @param {string[]} signals @returns {Points} */
function columns(rows, signals) {
  const made = {
    at: Float64Array.from(rows, row => Date.parse(String(row.received_time ?? row.time))),
    device: Float64Array.from(rows, row => (row.time ? Date.parse(String(row.time)) : NaN)),
    count: Float64Array.from(rows, row => Number(row.count ?? 1)),
    signals: new Map(),
  };
  for (const name of signals) {
    const column = /** @param {string} what */ what => Float64Array.from(rows, row => number(row[`${name}_${what}`] ?? row[`signal.${name}_${what}`]));
    made.signals.set(name, { min: column("min"), max: column("max"), mean: column("mean") });
  }
  return made;
}

/**
 * Reads the values of a signal that is not a number, from each nth record.
 * @param {string} channel @param {import("../store.js").Signal} state @param {{ from: number, to: number, every: number }} range in ms @param {AbortSignal} signal
 * @returns {Promise<import("./states.js").Moment[]>}
 */
export async function fetchStates(channel, state, { from, to, every }, signal) {
  const rows = await ask(`api/v1/channels/${part(channel)}/records`, {
    query: { from: nanoseconds(from), to: nanoseconds(to), every, fields: escaped(state.name), format: "json" },
    signal,
  });
  /** @type {import("./states.js").Moment[]} */
  const moments = [];
  for (const row of rows ?? []) {
    const value = row[state.name] ?? row[`signal.${state.name}`] ?? null;
    // The schema of this record does not have the signal.
    if (value === null && state.partial) continue;
    const text = stateText(value), at = Date.parse(String(row.received_time ?? row.time));
    if (text !== moments.at(-1)?.value) moments.push({ at, device: row.time ? Date.parse(String(row.time)) : at, value: text });
  }
  return moments;
}

/** @param {unknown} value */
function number(value) {
  return typeof value === "number" ? value : value === "inf" ? Infinity : value === "-inf" ? -Infinity : NaN;
}

/** Replaces characters of a name that have a meaning in `fields` by a wildcard. @param {string} name */
function escaped(name) {
  return name.replace(/[,*]/g, "*");
}

/** @param {number} ms */
export function nanoseconds(ms) {
  return `${BigInt(Math.round(ms * 1000)) * 1000n}`;
}

/** Whether a block covers a range, with at least half of the needed resolution. @param {Block | null} block @param {number} from @param {number} to @param {number} points @param {Clock} clock */
export function suffices(block, from, to, points, clock) {
  return block !== null && block.clock === clock && block.from <= from && block.to >= to && (block.to - block.from) / block.points <= (2 * (to - from)) / points;
}
