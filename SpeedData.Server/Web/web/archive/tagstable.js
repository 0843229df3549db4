import { ApiError, ask, part } from "../api.js";
import { openDialog } from "../dialog.js";
import { el, fill, say } from "../dom.js";
import { clockTime, dateTime, span } from "../format.js";
import { note } from "../notes.js";

/** @typedef {import("./recordings.js").Tag} Tag */

/** Tags, newest first. @param {{ select: (tag: Tag) => void, changed: () => void }} options */
export function tagsTable({ select, changed }) {
  const body = el("div", { class: "tags" });
  const root = el("section", { class: "card", hidden: true }, el("header", {}, el("h2", { text: "Tags" })), body);
  /** @param {Tag} tag */
  const remove = tag => {
    const wrong = el("p", { class: "wrong", role: "alert" });
    let force = false;
    openDialog(`Remove the tag ${tag.name}?`, [el("p", { text: "Retention may then delete its recordings." }), wrong], "Remove", async () => {
      try {
        await ask(`api/v1/tags/${part(tag.name)}`, { method: "DELETE", query: { delete_data: force ? "true" : null } });
        note(`Tag ${tag.name} was removed.`);
        changed();
        return true;
      } catch (e) {
        force = e instanceof ApiError && e.status === 409;
        say(wrong, `${e instanceof Error ? e.message : e}${force ? " Press Remove again to delete the recordings too." : ""}`);
        return false;
      }
    }, true);
  };
  return {
    root,
    /** @param {Tag[] | null} tags */
    show(tags) {
      root.hidden = tags === null || tags.length === 0;
      fill(body, (tags ?? []).map(tag => el("article", { class: "tag" },
        el("div", { class: "row spread" },
          el("div", { class: "row" }, el("strong", { text: tag.name }), tag.to === null && el("span", { class: "badge good", text: "open" }), Object.entries(tag.labels).map(([k, v]) => el("span", { class: "badge", text: `${k}=${v}` }))),
          el("div", { class: "row" }, el("button", { type: "button", class: "quiet", text: "Select", onclick: () => select(tag) }), el("button", { type: "button", class: "quiet", text: "Remove", "aria-label": `Remove ${tag.name}`, onclick: () => remove(tag) }))),
        el("p", { class: "muted small", text: `${dateTime(tag.from)}${tag.to === null ? "" : `, ${span((tag.to - tag.from) / 1000)}`}${tag.note ? ` · ${tag.note}` : ""}` }),
        tag.marks.length > 0 && el("ul", { class: "marks small" }, tag.marks.map(m => el("li", {}, el("span", { class: "muted", text: clockTime(m.at) }), " ", m.text))))));
    },
  };
}
