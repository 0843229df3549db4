import { animate } from "../chart/frames.js";
import { makeChart } from "./chartelement.js";
import { showValue } from "./shown.js";

/**
 * Supports the predecessor's markup: `class="data" id="FIELD"` shows a field, `canvas.stripchart` draws a chart. The channel of a field is named
 * by `data-channel` on an element around it or on the script; else it is the channel of the first chart, else the first channel.
 * @param {import("../store.js").Store} store @param {import("../feed/feed.js").Feed} feed
 */
export function predecessor(store, feed) {
  const canvases = [...document.querySelectorAll("canvas.stripchart")];
  const script = /** @type {HTMLElement | null} */ (document.querySelector('script[src*="speeddata.js"]'));
  const drawn = canvases.flatMap(c => (c.getAttribute("data-signals") ?? "").split(",")).map(s => store.find(s.trim())?.channel.name).find(name => name !== undefined);
  const usual = script?.dataset.channel ?? drawn ?? [...store.channels.keys()][0] ?? "";
  const channelOf = (/** @type {Element} */ element) => element.closest("[data-channel]")?.getAttribute("data-channel") ?? usual;

  for (const place of document.querySelectorAll(".data[id]")) {
    const channel = store.get(channelOf(place));
    const time = channel?.signals.find(s => s.is_time)?.name;
    // The predecessor calls the time field `time`, whatever its name in the schema.
    const field = place.id === "time" && time ? time : place.id;
    showValue({ store, feed }, `${channelOf(place)}.${field}`, /** @type {HTMLElement} */ (place), null);
  }
  for (const canvas of canvases) stripchart(/** @type {HTMLCanvasElement} */ (canvas), s => (store.find(s) ? s : `${channelOf(canvas)}.${s}`));

  /** @param {HTMLCanvasElement} canvas @param {(signal: string) => string} resolve */
  function stripchart(canvas, resolve) {
    const chart = makeChart({ store, feed }, name => canvas.getAttribute(`data-${name}`), resolve);
    if (!chart) return;
    const frame = document.createElement("div");
    frame.className = "speeddata-stripchart";
    if (chart.root.dataset.theme) frame.dataset.theme = chart.root.dataset.theme;
    // One chart, with the page's own canvas inside it.
    frame.dataset.chart = chart.root.dataset.chart;
    delete chart.root.dataset.chart;
    canvas.replaceWith(frame);
    frame.append(canvas, chart.root);
    animate(() => copy(chart.root, canvas), () => 50);
  }
}

/** Copies the drawing to the page's own canvas, so that its style and scripts that read it still work. @param {HTMLElement} root @param {HTMLCanvasElement} canvas */
function copy(root, canvas) {
  const made = /** @type {HTMLCanvasElement | null} */ (root.querySelector(".u-wrap canvas"));
  const pen = canvas.getContext("2d");
  if (!made || !pen || made.width === 0) return;
  const box = root.getBoundingClientRect(), inner = made.getBoundingClientRect();
  // The style sheet may arrive after the chart is drawn.
  if (canvas.style.height !== `${box.height}px`) canvas.style.height = `${box.height}px`;
  const ratio = made.width / inner.width;
  const width = Math.round(box.width * ratio), height = Math.round(box.height * ratio);
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  pen.clearRect(0, 0, width, height);
  pen.drawImage(made, (inner.left - box.left) * ratio, (inner.top - box.top) * ratio);
}
