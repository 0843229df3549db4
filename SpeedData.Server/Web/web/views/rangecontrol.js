import { el } from "../dom.js";

/** The control for the y-range of a chart: automatic or fixed. @param {import("../chart/stripchart.js").Stripchart} chart @param {[number, number] | null} fixed @param {(range: [number, number] | null) => void} changed */
export function rangeControl(chart, fixed, changed) {
  const low = el("input", { type: "number", step: "any", "aria-label": "Lower end", class: "y-end" });
  const high = el("input", { type: "number", step: "any", "aria-label": "Upper end", class: "y-end" });
  const ends = el("span", { class: "row y-ends", hidden: fixed === null }, low, "–", high);
  const toggle = el("button", { type: "button", class: "quiet", title: "Fix the y-axis, or let it follow the values", text: "Fix y", "aria-pressed": String(fixed !== null) });
  if (fixed) [low.value, high.value] = fixed.map(String);
  toggle.onclick = () => {
    const isFixed = ends.hidden;
    ends.hidden = !isFixed;
    toggle.setAttribute("aria-pressed", String(isFixed));
    if (isFixed) [low.value, high.value] = chart.range.map(v => String(Number(v.toPrecision(4))));
    use();
  };
  low.onchange = high.onchange = use;

  function use() {
    const range = /** @type {[number, number]} */ ([Number(low.value), Number(high.value)]);
    const isUsable = !ends.hidden && low.value !== "" && high.value !== "" && range[0] < range[1];
    low.setAttribute("aria-invalid", String(!ends.hidden && !isUsable));
    if (!ends.hidden && !isUsable) return;
    chart.fix(isUsable ? range : null);
    changed(isUsable ? range : null);
  }

  return el("span", { class: "row" }, ends, toggle);
}
