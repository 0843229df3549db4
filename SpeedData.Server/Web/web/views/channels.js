import { el, fill } from "../dom.js";
import { link } from "../route.js";
import { loading } from "../notes.js";
import { fetchRegistered } from "./registered.js";
import { channelForm } from "./channelform.js";
import { removeChannel } from "./removechannel.js";

/** The view that lists channels to change or remove. @param {HTMLElement} main @param {import("../app.js").Context} context */
export function channels(main, context) {
  const { store, leaving, route } = context;
  if (route.name || route.query.get("add")) return channelForm(main, context);
  const body = el("tbody");
  const place = el("section", { class: "card" });
  main.append(el("div", { class: "row spread view-head" }, el("h1", { text: "Channels" }), el("a", { class: "button primary", href: link("channels", "", { add: "1" }), text: "Add a channel" })), place);
  const table = el("div", { class: "scroll", tabIndex: 0, role: "group", "aria-label": "Channels" }, el("table", {}, el("thead", {}, el("tr", {}, ["Name", "Port", "State", "Kind", "Schema", ""].map(text => el("th", { scope: "col", text })))), body));
  /** Names of the channels that can be changed here. @type {Set<string>} */
  let registered = new Set();
  const ask = async () => {
    registered = await fetchRegistered();
    arrange();
  };
  const arrange = () => {
    if (!store.loaded) return loading(place);
    if (store.channels.size === 0) return fill(place, el("div", { class: "empty" }, el("strong", { text: "There are no channels yet" })));
    if (!table.isConnected) fill(place, table);
    fill(body, [...store.channels.values()].map(info => {
      const { view } = info;
      const isFixed = !registered.has(info.name);
      const state = info.state(store.now());
      return el("tr", { dataset: { channel: info.name } },
        el("td", {}, el("a", { href: link("channel", info.name), text: info.name })),
        el("td", { text: String(view.port) }),
        el("td", {}, el("span", { class: "state", dataset: { state: state.state }, text: state.text })),
        el("td", {}, el("span", { class: "badge", text: isFixed ? "fixed" : "registered", title: isFixed ? "in the configuration file" : "added while the server runs" })),
        el("td", {}, el("code", { text: view.config?.schema ?? "" })),
        el("td", { class: "number" }, isFixed
          ? el("span", { class: "muted small", text: "change it in the configuration file" })
          : [el("a", { class: "button quiet", href: link("channels", info.name), text: "Change" }), " ", el("button", { type: "button", class: "quiet", text: "Remove", "aria-label": `Remove ${info.name}`, onclick: () => removeChannel(info) })]));
    }));
  };
  leaving.listen(store, "list", () => void ask());
  leaving.every(() => void ask(), 5000);
  arrange();
  void ask();
}
