import { el, fill } from "../dom.js";
import { bytes, span } from "../format.js";
import { link } from "../route.js";
import { fetchRegistered } from "./registered.js";

/** The view of a channel's configuration, with defaults. @param {HTMLElement} main @param {import("../store.js").ChannelInfo} info */
export function configuration(main, info) {
  const { config, parts } = info.view;
  const where = el("p", { class: "muted aside" });
  void fetchRegistered().then(names => fill(where, names.has(info.name) ? el("a", { class: "button", href: link("channels", info.name), text: "Change this channel" }) : "This channel is in the configuration file. Change it there."));
  main.append(
    where,
    el("div", { class: "configuration" },
      el("section", { class: "card" }, el("header", {}, el("h2", { text: "Parts" })), el("dl", { class: "keys" }, Object.entries(parts).flatMap(([name, part]) => pair(name, part === null ? "off" : part.up ? `up; ${part.where ?? ""}`.replace(/; $/, "") : `down: ${part.why ?? "starting"}`)))),
      Object.entries(config).filter(([, v]) => typeof v === "object" && v !== null && !Array.isArray(v)).map(([name, group]) =>
        el("section", { class: "card" }, el("header", {}, el("h2", { text: title(name) })), el("dl", { class: "keys" }, Object.entries(group).flatMap(([key, value]) => pair(title(key), write(key, value)))))),
      el("section", { class: "card" }, el("header", {}, el("h2", { text: "Channel" })), el("dl", { class: "keys" }, Object.entries(config).filter(([, v]) => typeof v !== "object" || v === null).flatMap(([key, value]) => pair(title(key), write(key, value)))))));
}

/** @param {string} key @param {string} value */
function pair(key, value) {
  return [el("dt", { text: key }), el("dd", { text: value })];
}

/** @param {string} key */
function title(key) {
  const text = key.replace(/_seconds$|_bytes$/, m => (m === "_bytes" ? " size" : "")).replaceAll("_", " ").replace("bytes", "size").replace(/\b(ttl|cpu)\b/gi, word => word.toUpperCase());
  return text[0].toUpperCase() + text.slice(1);
}

/** @param {string} key @param {unknown} value */
function write(key, value) {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "any" : value.join(", ");
  if (typeof value === "number" && key.includes("bytes")) return bytes(value);
  if (typeof value === "number" && key.endsWith("_seconds")) return span(value);
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}
