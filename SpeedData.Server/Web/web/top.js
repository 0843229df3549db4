import { access } from "./access.js";
import { ask } from "./api.js";
import { el, fill, mark, say, svg } from "./dom.js";
import { clockTime } from "./format.js";
import { link } from "./route.js";
import { toggleScheme } from "./theme.js";
import { tagControl } from "./tags.js";

const WORDS = { connecting: "Connecting", connected: "Live", disconnected: "Reconnecting" };

/** The bar at the top: navigation, the open tag, the connection. @param {import("./store.js").Store} store @param {import("./feed/feed.js").Feed} feed */
export function top(store, feed) {
  const word = el("span", { class: "word" });
  const connection = el("span", { class: "connection", role: "status", dataset: { connection: "connecting" } }, word);
  const views = /** @type {const} */ ([["overview", "Overview"], ["archive", "Archive"], ["channels", "Channels"]]);
  const links = views.map(([view, text]) => el("a", { href: link(view), text, dataset: { view } }));
  const nav = el("nav", { "aria-label": "Views" }, links);
  const header = el(
    "header",
    { class: "top" },
    el("a", { class: "brand", href: link("overview") }, logo(), "SpeedData"),
    nav,
    el("div", { class: "tools" }, tagControl(store), connection, el("button", { class: "quiet icon", type: "button", title: "Dark or light", "aria-label": "Dark or light", onclick: toggleScheme }, half())),
  );
  const banner = el("div", { class: "banner", role: "alert", hidden: true });
  let since = 0;
  const update = () => {
    const { state } = feed;
    const isAllowed = access.reading === "open";
    mark(connection, "data-connection", state);
    say(word, isAllowed ? WORDS[state] : "No access");
    mark(document.body, "data-connection-lost", String(state === "disconnected"));
    if (state === "disconnected" && since === 0) since = Date.now();
    if (state === "connected") since = 0;
    banner.hidden = state !== "disconnected";
    if (state === "disconnected" && !isAllowed) fill(banner, access.why, el("button", { type: "button", text: "Enter the token", onclick: () => void access.obtain(access.why) }));
    else if (state === "disconnected") {
      say(banner, `No connection since ${clockTime(since)}. The data shown is from that time. The page reconnects automatically.`);
      void explain(banner, since);
    }
  };
  feed.addEventListener("state", update);
  access.addEventListener("change", update);
  access.addEventListener("change", () => void ownPages(nav));
  update();
  void ownPages(nav);
  return {
    header,
    banner,
    /** @param {import("./route.js").Route} route */
    show(route) {
      for (const a of links) {
        const here = a.dataset.view === route.view || (route.view === "channel" && a.dataset.view === "overview") || (route.view === "overlay" && a.dataset.view === "archive");
        if (here) a.setAttribute("aria-current", "page");
        else a.removeAttribute("aria-current");
      }
    },
  };
}

/** Checks why there is no live data. A server that answers but accepts no watcher has reached its limit. @param {HTMLElement} banner @param {number} since */
async function explain(banner, since) {
  await new Promise(resolve => setTimeout(resolve, 4000));
  if (banner.hidden || access.reading !== "open") return;
  const answers = await fetch(new URL("../health/live", import.meta.url)).then(a => a.ok, () => false);
  if (answers && !banner.hidden && access.reading === "open") say(banner, `No live data since ${clockTime(since)}. The server answers, but has no room for another page. Raise Live:Watchers to allow more.`);
}

/** @param {HTMLElement} nav */
async function ownPages(nav) {
  const found = await ask("api/v1/pages").catch(() => null);
  for (const link of nav.querySelectorAll("[data-own]")) link.remove();
  for (const page of found?.pages ?? []) nav.append(el("a", { dataset: { own: page }, href: new URL(`../pages/${encodeURIComponent(page)}`, import.meta.url).href, text: page.replace(/\.html$/, "") }));
}

export function logo() {
  return svg("svg", { viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("rect", { width: 32, height: 32, rx: 7, fill: "#0b6e99" }),
    svg("path", { d: "M4 19h6l3-10 5 16 4-11 2 5h4", fill: "none", stroke: "#fff", "stroke-width": 2.6, "stroke-linecap": "round", "stroke-linejoin": "round" }));
}

function half() {
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("circle", { cx: 8, cy: 8, r: 6, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }), svg("path", { d: "M8 2a6 6 0 0 1 0 12z", fill: "currentColor" }));
}
