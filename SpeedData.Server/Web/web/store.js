/** The state of the channels: the server's last message, and rates from the messages before. */

import { plain } from "./format.js";

/**
 * @typedef {{ up: boolean, since: string, why: string | null, retry_at: string | null, where: string | null }} Part
 * @typedef {{ name: string, type: string, unit: string | null, kind: "number" | "change", nullable: boolean, partial: boolean, is_time: boolean, symbols: string[] | null }} Signal `name` is without the channel's name
 * @typedef {{ watched: boolean, tap_lost: number, device_offset_ns: number | null, latest: number | null, ring_used: number, ring_capacity: number }} Live
 * @typedef {{ name: string, port: number, status: string, status_since: string, kind?: string, etag?: string, config: any, counters: any,
 *   last_fault: { role: string, message: string, at: string } | null, retry_at: string | null, archive: any,
 *   live?: Live, parts: { receive: Part, archive: Part | null, full: Part | null, decimated: Part | null } }} ChannelView
 * @typedef {{ at: number, received: number, bytes: number, dropped: number }} Sample
 */

const KEPT = 90;
const SILENT_MS = 5000;
const LONGEST_UNIT = 24;

/** One channel. */
export class ChannelInfo {
  /** @type {Sample[]} */
  #samples = [];
  /** @type {Signal[]} */
  signals = [];

  /** @param {ChannelView} view */
  constructor(view) {
    this.view = view;
  }

  get name() {
    return this.view.name;
  }

  /** @param {number} at when the server read the counters, in ms */
  tick(at) {
    const c = this.view.counters;
    const sample = { at, received: c.received, bytes: c.received_bytes, dropped: sum(c.dropped) };
    const last = this.#samples.at(-1);
    // A channel that was removed and added again counts from zero.
    if (last && last.received > sample.received) this.#samples = [];
    if (!last || at > last.at) this.#samples.push(sample);
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  /** Device time minus receive time of the latest record; null if unknown. */
  get deviceOffsetMs() {
    const ns = this.view.live?.device_offset_ns;
    return ns === null || ns === undefined ? null : ns / 1e6;
  }

  /** The rate per second, over the last two seconds. @param {"received" | "bytes" | "dropped"} what */
  rate(what) {
    const last = this.#samples.at(-1), before = this.#samples.at(-3) ?? this.#samples.at(-2);
    return !last || !before ? NaN : ((last[what] - before[what]) * 1000) / (last.at - before.at);
  }

  get dropped() {
    return sum(this.view.counters.dropped);
  }

  get lastDatagramMs() {
    const at = this.view.counters.last_datagram_at;
    return at ? Date.parse(at) : null;
  }

  /** Signals that can be drawn. */
  get numeric() {
    return this.signals.filter(s => s.kind === "number" && !s.is_time);
  }

  /** Signals that are drawn as a lane of values, such as enums. */
  get states() {
    return this.signals.filter(isState);
  }

  /** The signal that represents the channel: the first floating-point one, else the first that can be drawn. */
  get lead() {
    const numeric = this.numeric;
    return numeric.find(s => s.type === "double" || s.type === "float") ?? numeric[0] ?? null;
  }

  /** The channel's state as the page shows it. @param {number} now @returns {{ state: string, text: string, why: string | null }} */
  state(now) {
    const { view } = this;
    if (view.status !== "active") {
      const why = view.parts.receive.why ?? view.last_fault?.message ?? null;
      return view.status === "starting" || view.status === "recovering" ? { state: "starting", text: view.status, why } : { state: "faulted", text: view.status, why };
    }
    const down = /** @type {const} */ (["archive", "full", "decimated"]).filter(name => view.parts[name]?.up === false && view.parts[name]?.why);
    if (down.length > 0) return { state: "part", text: `${down.join(", ")} down`, why: view.parts[down[0]]?.why ?? null };
    const last = this.lastDatagramMs;
    if (last === null) return { state: "waiting", text: "no datagram yet", why: null };
    return now - last > SILENT_MS ? { state: "silent", text: "silent", why: null } : { state: "receiving", text: "receiving", why: null };
  }
}

/** Whether a signal is drawn as a lane of values. @param {Signal} signal */
export function isState(signal) {
  return signal.kind === "change" && ["enum", "boolean", "string"].includes(signal.type);
}

/** All channels. Fires `list` when a channel was added or removed, and `figures` once a second. */
export class Store extends EventTarget {
  /** @type {Map<string, ChannelInfo>} */
  channels = new Map();
  /** @type {Map<string, Signal[]>} */
  #signals = new Map();
  /** @type {Set<string> | null} */
  #named = null;
  /** The server's clock minus this browser's. */
  clockOffsetMs = 0;
  loaded = false;
  stale = true;
  /** The archives' disk; null while unknown. @type {{ free_bytes: number, total_bytes: number } | null} */
  disk = null;

  now() {
    return Date.now() + this.clockOffsetMs;
  }

  /** @param {number} serverMs */
  clock(serverMs) {
    this.clockOffsetMs = serverMs - Date.now();
  }

  /** @param {string} name */
  get(name) {
    return this.channels.get(name) ?? [...this.channels.values()].find(c => c.name.toLowerCase() === name.toLowerCase());
  }

  /** Applies the channels of a message, which has all or only the changed ones. @param {ChannelView[]} views @param {string[]} removed @param {number} at when it was sent @param {number} read when the server read the channels */
  apply(views, removed, at, read) {
    let moved = !this.loaded;
    for (const name of removed) moved = this.channels.delete(name) || moved;
    for (const view of views) {
      const info = this.channels.get(view.name);
      if (info) info.view = { ...info.view, ...view };
      else {
        const made = new ChannelInfo(view);
        made.signals = this.#signals.get(view.name) ?? [];
        this.channels.set(view.name, made);
        moved = true;
      }
    }
    for (const info of this.channels.values()) info.tick(read);
    this.clock(at);
    this.loaded = true;
    this.stale = false;
    if (moved) this.dispatchEvent(new Event("list"));
    this.dispatchEvent(new Event("figures"));
  }

  /** Starts a complete list from the server: channels that it does not name are removed. */
  begin() {
    this.#named = new Set();
  }

  /** @param {{ name: string, signals: Signal[] }[]} channels @param {string[]} removed @param {boolean} isComplete */
  describe(channels, removed, isComplete) {
    for (const { name } of channels) this.#named?.add(name);
    if (isComplete && this.#named) {
      for (const name of this.channels.keys()) if (!this.#named.has(name)) this.channels.delete(name);
      this.#named = null;
    }
    for (const name of removed) this.#signals.delete(name);
    for (const { name, signals: raw } of channels) {
      const signals = raw.map(signal => ({ ...signal, unit: signal.unit === null ? null : plain(signal.unit, LONGEST_UNIT) }));
      this.#signals.set(name, signals);
      const info = this.channels.get(name);
      if (info) info.signals = signals;
    }
    if (this.loaded) this.dispatchEvent(new Event("list"));
  }

  /** Splits `engine.left.rpm`: the longest channel name that exists wins. @param {string} full @returns {{ channel: ChannelInfo, signal: Signal } | null} */
  find(full) {
    for (let at = full.lastIndexOf("."); at > 0; at = full.lastIndexOf(".", at - 1)) {
      const channel = this.channels.get(full.slice(0, at));
      if (channel) {
        const signal = channel.signals.find(s => s.name === full.slice(at + 1));
        return signal ? { channel, signal } : null;
      }
    }
    return null;
  }

  lost() {
    this.stale = true;
    this.dispatchEvent(new Event("figures"));
  }
}

/** @param {Record<string, number>} counts */
function sum(counts) {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}
