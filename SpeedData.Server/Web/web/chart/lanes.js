import { el, fill, mark } from "../dom.js";
import { palette } from "../palette.js";
import { scheme as usualScheme, styleColour } from "../theme.js";
import { hatch } from "./marks.js";

const LANE = 26, ROOM = 4, LEAST_LABEL = 26;

/**
 * Draws states over time in a lane for each signal. Each value has a tint and its name, so colours are not needed to tell them apart.
 * @typedef {{ name: string, spells: import("./states.js").Spell[], gaps: import("./marks.js").Stretch[] }} Lane
 */
export class Lanes {
  root = el("div", { class: "lanes", hidden: true });
  /** @type {HTMLCanvasElement[]} */
  #canvases = [];
  /** Indexes in the palette, by signal and value. @type {Map<string, Map<string, number>>} */
  #tints = new Map();

  /** @param {string[]} names @param {(share: number | null) => void} hover receives the pointer's position, from 0 to 1 */
  constructor(names, hover) {
    this.root.hidden = names.length === 0;
    this.#canvases = names.map(name => el("canvas", { role: "img", dataset: { lane: name } }));
    fill(this.root, names.map((name, i) => el("div", { class: "lane" }, el("span", { text: name, title: name }), this.#canvases[i])));
    this.root.addEventListener("pointermove", e => {
      const box = this.#canvases[0].getBoundingClientRect();
      hover(e.clientX < box.left ? null : (e.clientX - box.left) / box.width);
    });
    this.root.addEventListener("pointerleave", () => hover(null));
  }

  get height() {
    return this.#canvases.length * (LANE + ROOM);
  }

  /** Assigns tints in the order of the values, so that each value keeps its tint. @param {string} name @param {string[]} values in a fixed order */
  order(name, values) {
    const tints = this.#tints.get(name) ?? new Map();
    this.#tints.set(name, tints);
    for (const value of values) if (!tints.has(value)) tints.set(value, tints.size);
    return tints;
  }

  /** @param {Lane[]} lanes @param {number} from @param {number} to in ms @param {{ left: number, width: number }} box of the plot, in pixels of the page @param {import("../theme.js").Scheme} [scheme] */
  draw(lanes, from, to, box, scheme = usualScheme()) {
    this.root.style.setProperty("--left", `${box.left}px`);
    lanes.forEach((lane, i) => {
      const canvas = this.#canvases[i];
      const latest = lane.spells.at(-1)?.value;
      mark(canvas, "aria-label", latest ? `${lane.name} is ${latest}` : `${lane.name} is not known`);
      this.#paint(canvas, lane, x => ((x - from) / (to - from)) * box.width, box.width, scheme);
    });
  }

  /** @param {HTMLCanvasElement} canvas @param {Lane} lane @param {(ms: number) => number} place @param {number} width @param {import("../theme.js").Scheme} scheme */
  #paint(canvas, lane, place, width, scheme) {
    const ratio = devicePixelRatio, pen = canvas.getContext("2d");
    if (!pen) return;
    const [across, down] = [Math.round(width * ratio), Math.round(LANE * ratio)];
    if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${LANE}px`;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, LANE);
    const colours = palette(scheme), text = styleColour("--text", scheme);
    const tints = this.order(lane.name, lane.spells.flatMap(s => s.value ?? []));
    pen.font = "12px system-ui, sans-serif";
    pen.textBaseline = "middle";
    for (const spell of lane.spells) {
      if (spell.value === null) continue;
      const x = Math.max(0, place(spell.from)), end = Math.min(width, place(spell.to)), wide = Math.max(1, end - x);
      const colour = colours[(tints.get(spell.value) ?? 0) % colours.length];
      pen.fillStyle = `${colour}3d`;
      pen.fillRect(x, 0, wide, LANE);
      pen.fillStyle = colour;
      pen.fillRect(x, LANE - 3, wide, 3);
      if (place(spell.from) > 0) pen.fillRect(x, 0, 1.5, LANE);
      if (wide >= LEAST_LABEL) label(pen, spell.value, x + 6, wide - 10, text);
    }
    for (const gap of lane.gaps) {
      const x = Math.max(0, place(gap.from)), wide = Math.min(width, place(gap.to)) - x;
      if (wide <= 0) continue;
      pen.clearRect(x, 0, wide, LANE);
      pen.fillStyle = hatch(pen, scheme);
      pen.fillRect(x, 0, wide, LANE);
    }
  }
}

/** Draws as much of a text as fits, or nothing if that is too little. @param {CanvasRenderingContext2D} pen @param {string} text @param {number} x @param {number} room @param {string} colour */
function label(pen, text, x, room, colour) {
  let shown = text;
  while (shown.length > 1 && pen.measureText(shown).width > room) shown = `${shown.slice(0, -2)}…`;
  if (shown === "…" || pen.measureText(shown).width > room) return;
  pen.fillStyle = colour;
  pen.fillText(shown, x, LANE / 2 - 1);
}
