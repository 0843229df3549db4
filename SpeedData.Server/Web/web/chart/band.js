/**
 * Draws one signal: a line through the means over a band from minimum to maximum, so that one outlier among a
 * hundred thousand records is visible.
 * @param {(index: number) => import("./grid.js").Track} trackOf
 */
export function bandPaths(trackOf) {
  /** @param {import("../vendor/uplot.js").default} u @param {number} series @param {number} from @param {number} to */
  return (u, series, from, to) => {
    const { min, max, mean } = trackOf(series - 1);
    const xs = u.data[0];
    const x = scale(u.scales.x, u.bbox.left, u.bbox.width, false);
    const y = scale(u.scales[u.series[series].scale ?? "y"], u.bbox.top, u.bbox.height, true);
    const stroke = new Path2D(), fill = new Path2D();
    let first = -1;
    for (let i = from; i <= to + 1; i++) {
      const value = i <= to ? mean[i] : null;
      if (value === undefined) continue;
      if (value === null || !Number.isFinite(value)) {
        if (first >= 0) close(i - 1);
        first = -1;
        continue;
      }
      if (first < 0) {
        stroke.moveTo(x(xs[i]), y(value));
        first = i;
      } else stroke.lineTo(x(xs[i]), y(value));
    }
    return { stroke, fill, flags: 0 };

    /** @param {number} last */
    function close(last) {
      let spread = false;
      for (let i = first; i <= last && !spread; i++) spread = typeof max[i] === "number" && max[i] !== min[i];
      // A single point would be a line of length zero and invisible.
      if (single(first, last)) stroke.lineTo(x(xs[first]) + devicePixelRatio, y(Number(mean[first])));
      if (!spread) return;
      let begun = false;
      for (let i = first; i <= last; i++) {
        if (typeof max[i] !== "number") continue;
        const at = x(xs[i]), top = y(Number(max[i]));
        if (begun) fill.lineTo(at, top);
        else fill.moveTo(at, top);
        begun = true;
      }
      for (let i = last; i >= first; i--) if (typeof min[i] === "number") fill.lineTo(x(xs[i]), y(Number(min[i])));
      fill.closePath();
    }

    /** @param {number} one @param {number} last */
    function single(one, last) {
      for (let i = one + 1; i <= last; i++) if (typeof mean[i] === "number") return false;
      return true;
    }
  };
}

/** @param {import("../vendor/uplot.js").default.Scale} of @param {number} start @param {number} length @param {boolean} turned @returns {(value: number) => number} */
function scale(of, start, length, turned) {
  const low = of.min ?? 0, high = of.max ?? 1;
  const factor = length / (high - low || 1);
  return turned ? value => start + length - (value - low) * factor : value => start + (value - low) * factor;
}
