import { access } from "./access.js";
import { el, fill, Leaving } from "./dom.js";
import { Feed } from "./feed/feed.js";
import { Store } from "./store.js";
import { applyScheme } from "./theme.js";
import { top } from "./top.js";
import { current } from "./route.js";
import { archive } from "./views/archive.js";
import { channel } from "./views/channel.js";
import { channels } from "./views/channels.js";
import { overlay } from "./views/overlay.js";
import { overview } from "./views/overview.js";

/**
 * What every view receives.
 * @typedef {{ store: Store, feed: Feed, leaving: import("./dom.js").Leaving, route: import("./route.js").Route }} Context
 */

const VIEWS = { overview, channel, archive, channels, overlay };

applyScheme();
const store = new Store();
const feed = new Feed(store);
const main = el("main", { id: "main", tabIndex: -1 });
const bar = top(store, feed);
document.body.append(el("a", { class: "skip", href: "#main", text: "Skip to content", onclick: (/** @type {Event} */ e) => { e.preventDefault(); main.focus(); } }), bar.header, bar.banner, main);

/** @type {Leaving | null} */
let leaving = null;
let shown = "";

function show() {
  const route = current();
  applyScheme();
  const key = `${route.view}/${route.name}?${route.query}`;
  if (key === shown) return;
  shown = key;
  leaving?.leave();
  leaving = new Leaving();
  fill(main);
  const view = VIEWS[/** @type {keyof typeof VIEWS} */ (route.view)] ?? overview;
  document.title = route.name ? `${route.name} · SpeedData` : "SpeedData";
  bar.show(route);
  view(main, { store, feed, leaving, route });
}

// Reading has become possible, so show the view again.
access.addEventListener("change", () => {
  if (access.reading !== "open") return;
  shown = "";
  show();
});
addEventListener("hashchange", show);
show();
