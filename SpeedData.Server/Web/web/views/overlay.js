import { fetchRuns } from "../archive/recordings.js";
import { ask, part } from "../api.js";
import { Overlay } from "../chart/overlay.js";
import { el, fill } from "../dom.js";
import { dateTime } from "../format.js";
import { keep, link } from "../route.js";
import { loading } from "../notes.js";

/** The view of overlaid runs, aligned at their start. @param {HTMLElement} main @param {import("../app.js").Context} context */
export function overlay(main, { store, leaving, route }) {
  const ids = (route.query.get("runs") ?? "").split(",").filter(Boolean);
  const place = el("section", { class: "card chart-card" });
  const choice = el("select", { "aria-label": "Signal" });
  main.append(el("div", { class: "row spread view-head" }, el("div", { class: "row" }, el("h1", { text: "Runs overlaid" }), choice), el("a", { class: "button quiet", href: link("archive"), text: "Archive" })), el("p", { class: "muted aside", text: "The time axis counts from the start of each run." }), place);
  loading(place);
  /** @type {Overlay | null} */
  let chart = null;
  leaving.add(() => chart?.leave());

  const draw = async () => {
    const found = store.find(choice.value);
    if (!found) return;
    keep({ signal: choice.value });
    try {
      const rows = await Promise.all(ids.map(async run => ({ run, rows: await ask(`api/v1/channels/${part(found.channel.name)}/records`, { query: { run, fields: found.signal.name, max_points: 1500, format: "json" } }) })));
      chart?.leave();
      chart = new Overlay(choice.value, found.signal, rows.map(({ run, rows: records }) => ({ label: starts.get(run) ?? run, run, rows: records ?? [] })));
      fill(place, chart.root);
    } catch (e) {
      fill(place, el("div", { class: "empty inset" }, el("strong", { text: "The runs cannot be read at the moment" }), el("p", { text: e instanceof Error ? e.message : String(e) })));
    }
  };
  /** @type {Map<string, string>} */
  const starts = new Map();
  let begun = false;
  const begin = async () => {
    if (!store.loaded || begun) return;
    begun = true;
    for (const run of await fetchRuns(1000).catch(() => [])) starts.set(run.id, dateTime(run.from));
    fill(choice, [...store.channels.values()].map(c => el("optgroup", { label: c.name }, c.numeric.map(s => el("option", { value: `${c.name}.${s.name}`, text: `${c.name}.${s.name}` })))));
    const first = [...store.channels.values()].find(c => c.lead);
    choice.value = route.query.get("signal") ?? (first ? `${first.name}.${first.lead?.name}` : "");
    await draw();
  };
  choice.onchange = () => void draw();
  leaving.listen(store, "list", () => void begin());
  void begin();
}
