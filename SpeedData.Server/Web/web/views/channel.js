import { ask, part } from "../api.js";
import { el, fill, mark, say } from "../dom.js";
import { bytes, count, droppedReasons, droppedText, rate, span } from "../format.js";
import { link } from "../route.js";
import { charts } from "./charts.js";
import { configuration } from "./configuration.js";
import { rejects } from "./rejects.js";
import { values } from "./values.js";

/** @typedef {import("../store.js").ChannelInfo} ChannelInfo */

const TABS = /** @type {const} */ ([["", "Signals"], ["rejects", "Rejects"], ["configuration", "Configuration"]]);

/** The view of a channel: signals as values and charts, refused datagrams, configuration. @param {HTMLElement} main @param {import("../app.js").Context} context */
export function channel(main, context) {
  const { store, leaving, route } = context;
  /** @type {ChannelInfo | undefined} */
  let shown;
  const arrange = () => {
    const info = store.get(route.name);
    if (info && info === shown) return;
    shown = info;
    if (!store.loaded) return fill(main, el("div", { class: "card" }, el("div", { class: "loading", role: "status", "aria-label": "Loading" }, el("span"), el("span"), el("span"))));
    if (!info) return fill(main, el("div", { class: "empty" }, el("strong", { text: `There is no channel ${route.name}` }), el("a", { href: link("overview"), text: "All channels" })));
    fill(main);
    head(main, info, context);
    const tab = route.query.get("tab") ?? "";
    if (tab === "rejects") rejects(main, info, context);
    else if (tab === "configuration") configuration(main, info);
    else {
      const body = el("div", { class: "signals" });
      main.append(body);
      const drawn = charts(info, context);
      body.append(values(info, context, drawn), drawn.root);
    }
  };
  leaving.listen(store, "list", arrange);
  arrange();
}

/** @param {HTMLElement} main @param {ChannelInfo} info @param {import("../app.js").Context} context */
function head(main, info, { store, leaving, route }) {
  const state = el("span", { class: "state" }), why = el("p", { class: "banner", hidden: true });
  const facts = el("dl", { class: "facts" });
  const tab = route.query.get("tab") ?? "";
  const tabs = TABS.map(([key, text]) => {
    const badge = el("span", { class: "badge bad", hidden: true });
    return { key, badge, link: el("a", { href: link("channel", info.name, key ? { tab: key } : {}), "aria-current": key === tab ? "page" : undefined }, text, badge) };
  });
  main.append(el("div", { class: "channel-head" }, el("div", { class: "row" }, el("h1", { text: info.name }), state), facts), why, el("nav", { class: "tabs", "aria-label": "Parts of the channel" }, tabs.map(t => t.link)));
  const fields = new Map(["Rate", "Data", "Last", "Dropped", "Ring", "On disk"].map(name => [name, el("dd")]));
  for (const [name, dd] of fields) facts.append(el("div", {}, el("dt", { text: name }), dd));
  const figures = () => {
    const now = store.now();
    const is = store.stale ? { state: "stale", text: "stale", why: null } : info.state(now);
    mark(state, "data-state", is.state);
    say(state, is.text);
    why.hidden = is.why === null;
    why.classList.toggle("note", is.state === "part");
    say(why, is.why ?? "");
    const { live, archive, counters } = info.view;
    const write = /** @param {string} name @param {string} text */ (name, text) => say(/** @type {Node} */ (fields.get(name)), text);
    write("Rate", `${rate(info.rate("received"))} /s`);
    write("Data", `${bytes(info.rate("bytes"))}/s`);
    write("Last", info.lastDatagramMs === null ? "never" : `${span((now - info.lastDatagramMs) / 1000)} ago`);
    write("Dropped", droppedText(counters.dropped));
    mark(/** @type {Element} */ (fields.get("Dropped")), "title", droppedReasons(counters.dropped));
    write("Ring", live ? `${Math.round((100 * live.ring_used) / (live.ring_capacity || 1))} %` : "–");
    write("On disk", archive ? bytes(archive.bytes) : "off");
    const refused = counters.dropped.invalid + counters.dropped.source_denied;
    tabs[1].badge.hidden = refused === 0;
    say(tabs[1].badge, count(refused));
  };
  leaving.listen(store, "figures", figures);
  figures();
}

/** @param {string} name */
export function fetchRejects(name) {
  return ask(`api/v1/channels/${part(name)}/rejects`);
}
