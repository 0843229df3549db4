import { access } from "../access.js";
import { address } from "../api.js";
import { Connection } from "./connection.js";
import { readFrame } from "./frames.js";
import { Group } from "./group.js";

const PROTOCOL = "speeddata.live.v1";

/** @typedef {{ value: unknown, received: number, device: number | null, length?: number }} Change */

/**
 * The live feed of a recorder, shared by all charts and values. Fires `state` when the connection opens or closes.
 */
export class Feed extends EventTarget {
  /** @type {Map<number, import("./table.js").Table>} */
  #tables = new Map();
  /** @type {Map<number, Group>} */
  #groups = new Map();
  /** @type {Map<string, Change>} */
  #changes = new Map();
  /** @type {Map<string, Set<(change: Change) => void>>} */
  #listeners = new Map();
  #isReady = false;

  /** @param {import("../store.js").Store} store */
  constructor(store) {
    super();
    this.store = store;
    this.connection = new Connection(address("api/v1/live"), () => access.protocols(PROTOCOL), {
      state: state => this.#state(state),
      text: message => this.#text(message),
      binary: message => this.#binary(message),
      refused: () => access.untilReadable(),
    });
  }

  get state() {
    return this.connection.state;
  }

  /** Fills buckets of the given width until the returned function is called. @param {string} name with the channel's name @param {number} width @param {import("../chart/buckets.js").Buckets} buckets */
  subscribe(name, width, buckets) {
    const group = this.#group(width);
    group.add(name, buckets);
    return () => group.remove(name, buckets);
  }

  /** Fills buckets that show when a channel had records, while one of its signals is watched with the same width. @param {string} channel @param {number} width @param {import("../chart/buckets.js").Buckets} buckets */
  records(channel, width, buckets) {
    const set = this.#group(width).records(channel);
    set.add(buckets);
    return () => void set.delete(buckets);
  }

  /** Reports each change of a signal that is not a number. @param {string} name @param {number} width @param {(change: Change) => void} listener */
  watch(name, width, listener) {
    const group = this.#group(width);
    group.add(name, null);
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    const known = this.#changes.get(name);
    if (known) listener(known);
    return () => {
      set.delete(listener);
      group.remove(name, null);
    };
  }

  /** Returns the exact digits of an integer that a double cannot hold. @param {string} name */
  exact(name) {
    return this.#changes.get(name)?.value;
  }

  /** Returns the losses of a channel that were reported to the subscription of this width. @param {string} channel @param {number} width */
  losses(channel, width) {
    return this.#groups.get(width)?.log(channel).losses ?? [];
  }

  /** @param {number} width */
  #group(width) {
    let group = this.#groups.get(width);
    if (!group) this.#groups.set(width, (group = new Group(width, message => this.#isReady && this.connection.send(message))));
    return group;
  }

  /** @param {import("./connection.js").ConnectionState} state */
  #state(state) {
    if (state !== "connected") {
      this.#isReady = false;
      this.#tables.clear();
      this.store.lost();
    }
    this.dispatchEvent(new Event("state"));
  }

  /** @param {any} message */
  #text(message) {
    if (message.type === "hello") this.#hello(message);
    else if (message.type === "signals") this.store.describe(message.channels, message.removed ?? [], message.complete);
    else if (message.type === "channels") {
      this.store.disk = message.disk;
      this.store.apply(message.channels, message.removed ?? [], message.time, message.read);
    }
    else if (message.type === "subscribed") this.#subscribed(message);
    else if (message.type === "changes") this.#changed(message.changes);
    else if (message.type === "error") console.warn("feed:", message.error);
  }

  /** @param {any} message */
  #hello(message) {
    this.store.clock(message.time);
    this.store.begin();
    this.#isReady = true;
    for (const group of this.#groups.values()) group.send();
  }

  /** @param {any} message */
  #subscribed(message) {
    const group = this.#groups.get(message.id);
    if (!group) return;
    for (const number of group.tables) this.#tables.delete(number);
    group.tables = message.tables.map((/** @type {any} */ t) => t.table);
    for (const table of message.tables) this.#tables.set(table.table, group.table(table));
  }

  /** @param {(Change & { signal: string })[]} changes */
  #changed(changes) {
    for (const change of changes) {
      this.#changes.set(change.signal, change);
      for (const listener of this.#listeners.get(change.signal) ?? []) listener(change);
    }
  }

  /** @param {ArrayBuffer} message */
  #binary(message) {
    const frame = readFrame(message);
    if (frame) this.#tables.get(frame.table)?.take(frame);
  }
}
