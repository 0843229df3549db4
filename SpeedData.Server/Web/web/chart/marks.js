import { styleColour } from "../theme.js";

/**
 * Draws ranges without data and lost datagrams behind the lines.
 * @typedef {{ from: number, to: number }} Stretch in ms
 * @typedef {{ from: number, to: number, count: number | null, why: string }} Loss
 */

/** @param {import("../vendor/uplot.js").default} u @param {Stretch[]} gaps @param {import("../theme.js").Scheme} scheme */
export function drawGaps(u, gaps, scheme) {
  const { ctx, bbox } = u;
  ctx.save();
  for (const gap of gaps) {
    const [x, width] = extent(u, gap, 0);
    if (width <= 0) continue;
    ctx.fillStyle = hatch(ctx, scheme);
    ctx.fillRect(x, bbox.top, width, bbox.height);
    if (width > 70 * devicePixelRatio) label(ctx, "no data", x + width / 2, bbox.top + bbox.height / 2, "--muted", scheme);
  }
  ctx.restore();
}

/** @param {import("../vendor/uplot.js").default} u @param {Loss[]} losses @param {import("../theme.js").Scheme} scheme */
export function drawLosses(u, losses, scheme) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const colour = styleColour("--loss", scheme);
  ctx.save();
  let labelled = -Infinity;
  for (const loss of losses) {
    const [x, width] = extent(u, loss, 2 * ratio);
    if (width <= 0) continue;
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.16;
    ctx.fillRect(x, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(x, bbox.top, width, 3 * ratio);
    const middle = x + width / 2;
    if (middle - labelled < 60 * ratio) continue;
    labelled = middle;
    label(ctx, loss.count === null ? "lost" : `lost ${loss.count}`, middle, bbox.top + 12 * ratio, "--loss", scheme);
  }
  ctx.restore();
}

/** @param {import("../vendor/uplot.js").default} u @param {Stretch} stretch @param {number} least @returns {[number, number]} */
function extent(u, stretch, least) {
  const { left, width } = u.bbox;
  const from = Math.max(left, u.valToPos(stretch.from / 1000, "x", true));
  const to = Math.min(left + width, u.valToPos(stretch.to / 1000, "x", true));
  if (to < left || from > left + width) return [0, 0];
  return [from, Math.max(to - from, least)];
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @param {string} colour @param {import("../theme.js").Scheme} scheme */
function label(ctx, text, x, y, colour, scheme) {
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const half = ctx.measureText(text).width / 2 + 4 * devicePixelRatio;
  ctx.fillStyle = styleColour("--surface", scheme);
  ctx.fillRect(x - half, y - 8 * devicePixelRatio, 2 * half, 16 * devicePixelRatio);
  ctx.fillStyle = styleColour(colour, scheme);
  ctx.fillText(text, x, y);
}

/** @type {{ key: string, pattern: CanvasPattern | null }} */
let hatched = { key: "", pattern: null };

/** @param {CanvasRenderingContext2D} ctx @param {import("../theme.js").Scheme} scheme */
export function hatch(ctx, scheme) {
  const colour = styleColour("--gap", scheme);
  const key = `${colour} ${devicePixelRatio}`;
  if (hatched.key !== key) {
    const size = Math.round(8 * devicePixelRatio);
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    if (pen) {
      pen.strokeStyle = colour;
      pen.lineWidth = 2 * devicePixelRatio;
      for (const shift of [-size, 0, size]) {
        pen.moveTo(shift, size);
        pen.lineTo(shift + size, 0);
      }
      pen.stroke();
    }
    hatched = { key, pattern: ctx.createPattern(tile, "repeat") };
  }
  return hatched.pattern ?? colour;
}
