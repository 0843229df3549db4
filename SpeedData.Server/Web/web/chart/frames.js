import { calm } from "../theme.js";

/** One animation loop for everything that moves, so that a hidden page costs nothing and figures change together. */

/** @typedef {{ draw: (now: number) => void, every: () => number, next: number }} Mover */

/** @type {Set<Mover>} */
const movers = new Set();
let asked = 0;

/**
 * Draws repeatedly until the returned function is called.
 * @param {(now: number) => void} draw @param {() => number} every ms between two drawings
 */
export function animate(draw, every) {
  /** @type {Mover} */
  const mover = { draw, every, next: 0 };
  movers.add(mover);
  if (asked === 0) asked = requestAnimationFrame(frame);
  return { stop: () => void movers.delete(mover), soon: () => void (mover.next = 0) };
}

/** @param {number} now */
function frame(now) {
  asked = movers.size > 0 ? requestAnimationFrame(frame) : 0;
  for (const mover of movers) {
    if (now < mover.next) continue;
    const every = calm.matches ? Math.max(1000, mover.every()) : mover.every();
    // Up to half a frame early counts as on time.
    mover.next = now + every - 8;
    mover.draw(now);
  }
}
