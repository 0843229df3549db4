import { Stripchart } from "../chart/stripchart.js";
import { TimeWindow } from "../chart/timewindow.js";
import { parseSpan } from "../format.js";

/**
 * `<speeddata-chart signals="engine.rpm,engine.temp" window="30s">`: a stripchart. Further attributes: `height` in pixels, `ymin` and `ymax`,
 * `colors`, `theme` (dark, light or auto), `clock` (received or device).
 */
export class ChartElement extends HTMLElement {
  static observedAttributes = ["signals", "window", "height", "ymin", "ymax", "colors", "theme", "clock"];
  /** @type {{ store: import("../store.js").Store, feed: import("../feed/feed.js").Feed }} */
  static source;
  /** @type {Stripchart | null} */
  #chart = null;

  connectedCallback() {
    this.disconnectedCallback();
    this.#chart = makeChart(ChartElement.source, name => this.getAttribute(name), s => s);
    if (this.#chart) this.append(this.#chart.root);
  }

  disconnectedCallback() {
    this.#chart?.leave();
    this.#chart = null;
  }

  attributeChangedCallback() {
    if (this.isConnected) this.connectedCallback();
  }
}

/**
 * @param {{ store: import("../store.js").Store, feed: import("../feed/feed.js").Feed }} source @param {(name: string) => string | null} attribute
 * @param {(signal: string) => string} resolve
 */
export function makeChart({ store, feed }, attribute, resolve) {
  const signals = list(attribute("signals")).map(resolve);
  if (signals.length === 0) return null;
  const low = parseFloat(attribute("ymin") ?? ""), high = parseFloat(attribute("ymax") ?? "");
  const theme = attribute("theme");
  const colours = list(attribute("colors"));
  const chart = new Stripchart({
    store, feed, signals,
    window: new TimeWindow(parseSpan(attribute("window"), 30000), null, () => store.now()),
    height: Number.parseInt(attribute("height") ?? "", 10) || 300,
    fixed: low < high ? [low, high] : null,
    // If there are fewer colours than signals, they repeat, as in the predecessor.
    colours: colours.length > 0 ? signals.map((_, i) => colours[i % colours.length]) : undefined,
    scheme: theme === "dark" || theme === "light" ? theme : undefined,
    clock: attribute("clock") === "device" ? "device" : "received",
  });
  if (theme === "dark" || theme === "light") chart.root.dataset.theme = theme;
  return chart;
}

/** @param {string | null} text */
function list(text) {
  return (text ?? "").split(",").map(s => s.trim()).filter(Boolean);
}
