/** The time window that the charts of a view share. It follows live data, or is paused. */
export class TimeWindow extends EventTarget {
  static SHORTEST = 1000;
  static LONGEST = 86400000;

  /** @param {number} span in ms @param {number | null} end its end while paused; null to follow @param {() => number} now @param {number} longest */
  constructor(span, end, now, longest = TimeWindow.LONGEST) {
    super();
    this.longest = longest;
    this.span = this.#clamp(span);
    /** @type {number | null} */
    this.end = end !== null && Number.isFinite(end) ? end : null;
    this.now = now;
  }

  get following() {
    return this.end === null;
  }

  get to() {
    return this.end ?? this.now();
  }

  get from() {
    return this.to - this.span;
  }

  follow() {
    this.#set(this.span, null);
  }

  pause() {
    if (this.following) this.#set(this.span, this.now());
  }

  /** @param {number} span */
  resize(span) {
    this.#set(span, this.end);
  }

  /** Moves the window. If it reaches the present, it follows live data again. @param {number} ms */
  pan(ms) {
    const end = this.to + ms;
    this.#set(this.span, end >= this.now() ? null : end);
  }

  /** Zooms around a time, which keeps its place. @param {number} factor @param {number} around */
  zoom(factor, around) {
    const span = this.#clamp(this.span * factor);
    if (this.following) this.#set(span, null);
    else this.#set(span, Math.min(this.now(), around + ((this.to - around) * span) / this.span));
  }

  /** @param {number} from @param {number} to */
  show(from, to) {
    const span = this.#clamp(to - from);
    this.#set(span, Math.min(this.now(), (from + to + span) / 2));
  }

  /** @param {number} span @param {number | null} end */
  #set(span, end) {
    if (span === this.span && end === this.end) return;
    this.span = span;
    this.end = end;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {number} span */
  #clamp(span) {
    return Math.min(this.longest, Math.max(TimeWindow.SHORTEST, Number.isFinite(span) ? span : 30000));
  }
}
