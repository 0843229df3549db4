import { ask, part } from "../api.js";
import { el, say } from "../dom.js";
import { openDialog } from "../dialog.js";
import { note } from "../notes.js";
import { iso } from "./recordings.js";

/** @param {{ from: number, to: number | null, channels: string[] }} range @param {() => void} done */
export function editTag(range, done) {
  const name = el("input", { required: true, pattern: "[A-Za-z0-9_][A-Za-z0-9_.\\-]*", autocomplete: "off", name: "name" });
  const text = el("input", { autocomplete: "off", name: "note" });
  const labels = el("input", { autocomplete: "off", placeholder: "driver=ann track=north", name: "labels" });
  const wrong = el("p", { class: "wrong", role: "alert" });
  const isOpen = range.to === null;
  openDialog(isOpen ? "Start a tag" : "Tag the selection", [
    el("p", { class: "muted", text: isOpen ? "It starts now, and keeps everything recorded until you stop it." : "It keeps the recordings in this range until you remove the tag." }),
    el("label", { class: "field" }, el("span", { text: "Name" }), name, el("span", { class: "hint", text: "letters, digits, dot, hyphen and underscore" })),
    el("label", { class: "field" }, el("span", { text: "Note" }), text),
    el("label", { class: "field" }, el("span", { text: "Labels" }), labels),
    wrong,
  ], isOpen ? "Start" : "Save the tag", async () => {
    try {
      await ask(`api/v1/tags/${part(name.value.trim())}`, { method: "PUT", body: { from: iso(range.from), to: iso(range.to), channels: range.channels, labels: pairs(labels.value), note: text.value.trim() || null } });
      note(isOpen ? `Tag ${name.value.trim()} has started.` : `Tag ${name.value.trim()} was saved.`);
      done();
      return true;
    } catch (e) {
      say(wrong, e instanceof Error ? e.message : String(e));
      return false;
    }
  });
}

/** @param {string} text */
function pairs(text) {
  return Object.fromEntries(text.trim().split(/\s+/).filter(p => p.includes("=")).map(p => [p.slice(0, p.indexOf("=")), p.slice(p.indexOf("=") + 1)]));
}
