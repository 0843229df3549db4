/**
 * Lets the user move a time window: drag to go back; pinch, Ctrl and wheel, or + and - to zoom; arrows to go step by step; Home or double click
 * to follow the present again; space to pause.
 * @param {HTMLElement} place @param {import("./timewindow.js").TimeWindow} window @param {import("../dom.js").Leaving} leaving
 */
export function steer(place, window, leaving) {
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", "Chart. Left and right move in time, plus and minus zoom, space pauses, Home follows the present.");
  /** @type {Map<number, number>} */
  const fingers = new Map();
  const timeAt = /** @param {number} x */ x => {
    const box = plotBox(place);
    return window.from + ((x - box.left) / box.width) * window.span;
  };

  leaving.listen(place, "pointerdown", (/** @type {PointerEvent} */ e) => {
    if (e.button !== 0) return;
    fingers.set(e.pointerId, e.clientX);
    place.setPointerCapture(e.pointerId);
  });
  leaving.listen(place, "pointermove", (/** @type {PointerEvent} */ e) => {
    const before = fingers.get(e.pointerId);
    if (before === undefined) return;
    const other = [...fingers].find(([id]) => id !== e.pointerId)?.[1];
    if (other !== undefined) {
      const wasApart = Math.abs(before - other), isApart = Math.abs(e.clientX - other);
      if (wasApart > 10 && isApart > 10) window.zoom(wasApart / isApart, timeAt((e.clientX + other) / 2));
    } else if (Math.abs(e.clientX - before) < 3 && window.following) return;
    else {
      place.classList.add("dragged");
      window.pan(((before - e.clientX) / plotBox(place).width) * window.span);
    }
    fingers.set(e.pointerId, e.clientX);
  });
  const lifted = (/** @type {PointerEvent} */ e) => {
    fingers.delete(e.pointerId);
    place.classList.remove("dragged");
  };
  leaving.listen(place, "pointerup", lifted);
  leaving.listen(place, "pointercancel", lifted);
  leaving.listen(place, "dblclick", () => window.follow());
  leaving.listen(place, "wheel", (/** @type {WheelEvent} */ e) => {
    const sideways = Math.abs(e.deltaX) > Math.abs(e.deltaY);
    if (!e.ctrlKey && !sideways && document.activeElement !== place) return;
    e.preventDefault();
    if (sideways) window.pan((e.deltaX / plotBox(place).width) * window.span);
    else window.zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * 0.004), timeAt(e.clientX));
  }, { passive: false });
  leaving.listen(place, "keydown", (/** @type {KeyboardEvent} */ e) => {
    const step = window.span / (e.shiftKey ? 1 : 10);
    const middle = (window.from + window.to) / 2;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => window.pan(-step), ArrowRight: () => window.pan(step), "+": () => window.zoom(0.5, middle), "-": () => window.zoom(2, middle),
      Home: () => window.follow(), End: () => window.follow(), " ": () => (window.following ? window.pause() : window.follow()),
    };
    const act = keys[e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    act();
  });
}

/** @param {HTMLElement} place */
function plotBox(place) {
  return (place.querySelector(".u-over") ?? place).getBoundingClientRect();
}
