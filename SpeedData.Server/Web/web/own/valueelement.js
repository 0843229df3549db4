import { showValue } from "./shown.js";

/** `<speeddata-value signal="engine.rpm">`: the present value. `digits` fixes the decimals, `unit` shows the unit. */
export class ValueElement extends HTMLElement {
  static observedAttributes = ["signal", "digits", "unit"];
  /** @type {{ store: import("../store.js").Store, feed: import("../feed/feed.js").Feed }} */
  static source;
  #end = () => {};

  connectedCallback() {
    this.#end();
    const name = this.getAttribute("signal");
    if (!name) return;
    const place = document.createElement("output"), unit = document.createElement("span");
    place.textContent = "–";
    unit.className = "unit";
    this.replaceChildren(place, unit);
    const digits = this.getAttribute("digits");
    const end = showValue(ValueElement.source, name, place, digits === null ? null : Math.min(20, Math.max(0, Number(digits) || 0)));
    const { store } = ValueElement.source;
    const tell = () => void (unit.textContent = this.hasAttribute("unit") ? store.find(name)?.signal.unit ?? "" : "");
    store.addEventListener("list", tell);
    tell();
    this.#end = () => {
      end();
      store.removeEventListener("list", tell);
    };
  }

  disconnectedCallback() {
    this.#end();
    this.#end = () => {};
  }

  attributeChangedCallback() {
    if (this.isConnected) this.connectedCallback();
  }
}
