import { ask, part } from "./api.js";
import { editTag } from "./archive/tagform.js";
import { fetchTags } from "./archive/recordings.js";
import { openDialog } from "./dialog.js";
import { el, fill, say } from "./dom.js";
import { span } from "./format.js";
import { note } from "./notes.js";

const OFTEN_MS = 5000;

/** The control that starts, marks and stops a tag. It is absent if the server has no tags. @param {import("./store.js").Store} store */
export function tagControl(store) {
  const root = el("span", { class: "row tag-control" });
  /** @type {import("./archive/recordings.js").Tag | null} */
  let open = null;
  const age = el("span", { class: "muted" });
  let shown = "?";

  const update = async () => {
    if (document.hidden || store.stale) return;
    const tags = await fetchTags();
    open = tags?.find(t => t.to === null) ?? null;
    const key = tags === null ? "none" : open?.name ?? "";
    if (key !== shown) {
      shown = key;
      fill(root, tags === null ? [] : open ? running(open) : [el("button", { type: "button", text: "Start tag", onclick: () => editTag({ from: store.now(), to: null, channels: [] }, () => void update()) })]);
    }
    tick();
  };
  const tick = () => open && say(age, span((store.now() - open.from) / 1000));

  /** @param {import("./archive/recordings.js").Tag} tag */
  const running = tag => [
    el("span", { class: "recording", title: `Tag ${tag.name} is open` }, el("strong", { text: tag.name }), age),
    el("button", { type: "button", text: "Mark", onclick: () => mark(tag.name) }),
    el("button", { type: "button", text: "Stop", onclick: () => void act(`api/v1/tags/${part(tag.name)}/stop`, {}, `Tag ${tag.name} was stopped.`) }),
  ];
  /** @param {string} name */
  const mark = name => {
    const at = store.now();
    const text = el("input", { required: true, autocomplete: "off" });
    openDialog("Set a mark", [el("label", { class: "field" }, el("span", { text: "What happened" }), text, el("span", { class: "hint", text: "The mark has the time at which you pressed Mark." }))], "Set the mark", () => act(`api/v1/tags/${part(name)}/marks`, { text: text.value.trim(), at: new Date(at).toISOString() }, "The mark is set."));
  };
  /** @param {string} path @param {unknown} body @param {string} done */
  const act = async (path, body, done) => {
    try {
      await ask(path, { method: "POST", body });
      note(done);
      await update();
      return true;
    } catch (e) {
      note(e instanceof Error ? e.message : String(e), true);
      return false;
    }
  };
  setInterval(() => void update(), OFTEN_MS);
  setInterval(tick, 1000);
  store.addEventListener("list", () => void update(), { once: true });
  return root;
}
