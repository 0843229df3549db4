import { ApiError, ask, part } from "../api.js";
import { openDialog } from "../dialog.js";
import { el, fill, say } from "../dom.js";
import { bytes, clockTime, count, dateTime, span } from "../format.js";
import { note } from "../notes.js";

/** @typedef {import("./recordings.js").Tag} Tag */

/** The table of tags, newest first. @param {{ select: (tag: Tag) => void, changed: () => void }} options */
export function tagsTable({ select, changed }) {
  const body = el("div", { class: "tags" });
  const root = el("section", { class: "card", hidden: true }, el("header", {}, el("h2", { text: "Tags" })), body);
  /** @param {Tag} tag */
  const remove = tag => {
    const wrong = el("p", { class: "wrong", role: "alert" });
    openDialog(`Remove the tag ${tag.name}?`, [el("p", { text: "Its recordings stay until retention deletes them." }), wrong], "Remove the tag", async () => {
      try {
        await send(tag, false);
        return true;
      } catch (e) {
        const copies = e instanceof ApiError && Array.isArray(e.body.last_copies) ? e.body.last_copies : null;
        if (copies) removeLast(tag, copies);
        else say(wrong, e instanceof Error ? e.message : String(e));
        return copies !== null;
      }
    }, true);
  };
  /** Asks before the last copies of recordings are deleted. @param {Tag} tag @param {{ channel: string, files: number, bytes: number }[]} copies */
  const removeLast = (tag, copies) => {
    const wrong = el("p", { class: "wrong", role: "alert" });
    const sure = el("input", { type: "checkbox", required: true });
    openDialog(`Delete the recordings of ${tag.name}?`, [
      el("p", { text: "Retention has deleted these recordings from the channels' folders. The tag has the last copy. If you remove it, they are gone for good:" }),
      el("ul", { class: "copies" }, copies.map(c => el("li", {}, el("strong", { text: c.channel }), ` ${count(c.files)} ${c.files === 1 ? "file" : "files"}, ${bytes(c.bytes)}`))),
      el("label", {}, sure, "Delete them for good"),
      wrong,
    ], "Remove the tag and delete them", async () => {
      try {
        await send(tag, true);
        return true;
      } catch (e) {
        say(wrong, e instanceof Error ? e.message : String(e));
        return false;
      }
    }, true);
  };
  /** @param {Tag} tag @param {boolean} withData */
  const send = async (tag, withData) => {
    await ask(`api/v1/tags/${part(tag.name)}`, { method: "DELETE", query: { delete_data: withData ? "true" : null } });
    note(withData ? `Tag ${tag.name} was removed, and its last copies were deleted.` : `Tag ${tag.name} was removed.`);
    changed();
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
