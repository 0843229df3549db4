import { el, fill } from "../dom.js";
import { count, dateTime, plain } from "../format.js";
import { loading } from "../notes.js";
import { fetchRejects } from "./channel.js";

/** The view of a channel's refused datagrams, with the reasons. @param {HTMLElement} main @param {import("../store.js").ChannelInfo} info @param {import("../app.js").Context} context */
export function rejects(main, info, { leaving }) {
  const place = el("div", { class: "stack" });
  main.append(place);
  loading(place);
  let before = "";
  const update = async () => {
    const found = await fetchRejects(info.name).catch(e => ({ error: e.message }));
    const text = JSON.stringify(found);
    if (text === before) return;
    before = text;
    if (found.error) fill(place, el("div", { class: "empty" }, el("strong", { text: "The refused datagrams cannot be read at the moment" }), el("p", { text: found.error })));
    else if (found.groups.length === 0) fill(place, el("div", { class: "card empty" }, el("strong", { text: "No datagrams were refused" }), el("p", { text: "Datagrams that do not match the schema, or come from a sender that is not allowed, appear here with the reason." })));
    else fill(place, found.groups.map(group));
  };
  void update();
  leaving.every(() => void update(), 2000);
}

/** @param {any} one */
function group(one) {
  const samples = [...one.latest, ...one.first].filter((s, i, all) => all.findIndex(o => o.at === s.at && o.hex === s.hex) === i);
  return el("section", { class: "card" },
    el("header", {}, el("h2", { text: one.source }), el("span", { class: "badge bad", text: one.reason.replace("_", " ") }), el("span", { class: "muted small", text: `${count(one.count)} datagrams` })),
    el("div", { class: "rejects" }, samples.map(sample)));
}

/** @param {any} one */
function sample(one) {
  return el("article", { class: "reject" },
    el("div", { class: "row spread small" }, el("span", { text: dateTime(Date.parse(one.at)) }), el("span", { class: "muted", text: `${one.length} bytes from ${one.source}` })),
    one.why && el("p", {}, one.field !== null && el("code", { text: one.field || "(record)" }), " ", plain(one.why, 400), one.offset !== null && el("span", { class: "muted", text: `, at byte ${one.offset}` })),
    one.fits_channel && el("p", {}, "It matches the schema of channel ", el("strong", { text: one.fits_channel }), "."),
    one.hints.length > 0 && el("ul", { class: "hints" }, one.hints.map((/** @type {string} */ hint) => el("li", { text: plain(hint, 400) }))),
    hex(one.hex, one.offset));
}

/** @param {string} text @param {number | null} wrong */
function hex(text, wrong) {
  const bytes = text.match(/../g) ?? [];
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.slice(at, at + 16);
    lines.push(el("span", { class: "at", text: at.toString(16).padStart(4, "0") }), el("span", {}, line.map((b, i) => (at + i === wrong ? el("mark", { text: b }) : b)).flatMap((b, i) => (i === 0 ? [b] : [" ", b]))),
      el("span", { class: "ascii", text: line.map(b => printable(parseInt(b, 16))).join("") }));
  }
  return el("div", { class: "hex mono", tabIndex: 0, role: "group", "aria-label": "First bytes" }, lines);
}

/** @param {number} byte */
function printable(byte) {
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
}
