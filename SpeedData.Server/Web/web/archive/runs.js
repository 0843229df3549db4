import { el, fill } from "../dom.js";
import { bytes, count, dateTime, span } from "../format.js";
import { link } from "../route.js";

/** @typedef {import("./recordings.js").Run} Run */

/** The table of runs, newest first. Two or more can be overlaid. @param {{ select: (run: Run) => void, reveal: (run: Run) => void }} options */
export function runsTable({ select, reveal }) {
  /** @type {Set<string>} */
  const marked = new Set();
  const body = el("tbody");
  const overlay = el("a", { class: "button", text: "Overlay", hidden: true });
  const root = el("section", { class: "card" },
    el("header", {}, el("h2", { text: "Runs" }), el("span", { class: "muted small", text: "select two or more to overlay them" }), overlay),
    el("div", { class: "scroll", tabIndex: 0, role: "group", "aria-label": "Runs" }, el("table", {}, el("thead", {}, el("tr", {}, [["", ""], ["Start", ""], ["Length", "number"], ["Records", "number"], ["Size", "number"], ["Lost", "number"], ["Channels", ""], ["", ""]].map(([text, kind]) => el("th", { scope: "col", class: kind, text })))), body)));
  const update = () => {
    overlay.hidden = marked.size < 2;
    overlay.href = link("overlay", "", { runs: [...marked].sort().join(",") });
  };
  return {
    root,
    /** @param {Run[]} runs */
    show(runs) {
      fill(body, runs.map(run => el("tr", {},
        el("td", {}, el("input", { type: "checkbox", checked: marked.has(run.id), "aria-label": `Select run ${run.id}`, onchange: (/** @type {Event} */ e) => {
          if (/** @type {HTMLInputElement} */ (e.target).checked) marked.add(run.id);
          else marked.delete(run.id);
          update();
        } })),
        el("td", {}, el("span", { text: dateTime(run.from), title: run.id }), run.open && el("span", { class: "badge good", text: "recording" })),
        el("td", { class: "number", text: span((run.to - run.from) / 1000) }),
        el("td", { class: "number", text: count(run.records) }),
        el("td", { class: "number", text: bytes(run.bytes) }),
        el("td", { class: "number" }, run.lost > 0 ? el("span", { class: "badge warn", text: count(run.lost) }) : "0"),
        el("td", { class: "channels", text: run.channels.length > 4 ? `${run.channels.slice(0, 3).join(", ")} and ${run.channels.length - 3} more` : run.channels.join(", ") }),
        el("td", { class: "number" }, el("button", { type: "button", class: "quiet", text: "Select", onclick: () => {
          select(run);
          reveal(run);
        } })))));
      update();
    },
  };
}
