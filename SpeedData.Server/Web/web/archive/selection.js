import { address } from "../api.js";
import { downloadWithToken } from "../download.js";
import { nanoseconds } from "../chart/history.js";
import { el, fill, say } from "../dom.js";
import { span } from "../format.js";
import { link } from "../route.js";
import { note } from "../notes.js";
import { editTag } from "./tagform.js";

const FORMATS = [["csv", "CSV"], ["parquet", "Parquet"], ["arrow", "Arrow"], ["hdf5", "HDF5"], ["mcap", "MCAP"], ["jsonl", "JSON lines"], ["avro", "Avro"]];

/** @typedef {{ from: number, to: number, run: string | null }} Range */

/**
 * The actions for a range: chart, export, tag, replay.
 * @param {{ change: (from: number, to: number) => void, channels: () => string[], hasTags: () => boolean, tagged: () => void }} options
 */
export function selection({ change, channels, hasTags, tagged }) {
  /** @type {Range | null} */
  let range = null;
  const from = moment("From"), to = moment("To");
  const length = el("span", { class: "muted small" });
  const format = el("select", { "aria-label": "Format" }, FORMATS.map(([value, text]) => el("option", { value, text })));
  const thin = el("select", { "aria-label": "Records" }, el("option", { value: "", text: "every record" }), [10, 100, 1000].map(n => el("option", { value: `every=${n}`, text: `every ${n}th record` })), [1000, 10000].map(n => el("option", { value: `max_points=${n}`, text: `at most ${n} points` })));
  const save = el("a", { class: "button primary", text: "Export" });
  downloadWithToken(save);
  const look = el("a", { class: "button", text: "Show in charts" });
  const tag = el("button", { type: "button", text: "Tag…", onclick: () => range && editTag({ from: range.from, to: range.to, channels: channels() }, tagged) });
  const command = el("code", { class: "command", tabIndex: 0 });
  const copy = el("button", { type: "button", text: "Copy", onclick: () => navigator.clipboard?.writeText(command.textContent ?? "").then(() => note("Copied."), () => note("The browser did not allow copying.", true)) });
  const hint = el("p", { class: "muted", text: "Drag over the timeline, or select a run below." });
  const body = el("div", { class: "stack" },
    el("div", { class: "row range" }, from.root, to.root, length),
    el("div", { class: "row" }, format, thin, save, look, tag),
    el("div", { class: "replay" }, el("span", { class: "muted small", text: "Replay" }), command, copy));
  const root = el("section", { class: "card selection" }, el("header", {}, el("h2", { text: "Selection" })), el("div", { class: "body" }, hint, body));

  const update = () => {
    body.hidden = range === null;
    hint.hidden = range !== null;
    if (!range) return;
    const names = channels();
    from.set(range.from);
    to.set(range.to);
    say(length, span((range.to - range.from) / 1000));
    const [key, value] = thin.value.split("=");
    const query = { channels: names.join(","), from: nanoseconds(range.from), to: nanoseconds(range.to), format: format.value, ...(key ? { [key]: value } : {}) };
    const isUsable = names.length > 0;
    save.setAttribute("aria-disabled", String(!isUsable));
    if (isUsable) save.href = address("api/v1/export", query).href;
    else save.removeAttribute("href");
    save.download = "";
    look.href = link("channel", names[0] ?? "", { window: `${Math.max(1, Math.round((range.to - range.from) / 1000))}s`, at: new Date(range.to).toISOString() });
    look.hidden = !isUsable || range.to - range.from > 86400000;
    tag.hidden = !hasTags();
    say(command, `speeddata replay --channel ${names.map(quoted).join(",")} ${range.run ? `--run ${range.run}` : `--from ${new Date(range.from).toISOString()} --to ${new Date(range.to).toISOString()}`}`);
  };
  format.onchange = thin.onchange = update;
  const typed = () => {
    const a = from.get(), b = to.get();
    if (a < b) change(a, b);
  };
  from.input.onchange = to.input.onchange = typed;
  update();
  return {
    root,
    /** @param {Range | null} chosen */
    show(chosen) {
      range = chosen;
      update();
    },
  };
}

/** @param {string} label */
function moment(label) {
  const input = el("input", { type: "datetime-local", step: "0.001" });
  return {
    root: el("label", { class: "field" }, el("span", { text: label }), input),
    input,
    get: () => new Date(input.value).getTime(),
    /** @param {number} ms */
    set(ms) {
      const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 23);
      if (input.value !== local) input.value = local;
    },
  };
}

/** @param {string} name */
function quoted(name) {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

/** @param {HTMLElement} place @param {string} text @param {() => void} again */
export function failed(place, text, again) {
  fill(place, el("div", { class: "empty" }, el("strong", { text: "The archive cannot be read at the moment" }), el("p", { text }), el("button", { type: "button", text: "Try again", onclick: again })));
}
