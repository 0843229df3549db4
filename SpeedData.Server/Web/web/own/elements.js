import { Feed } from "../feed/feed.js";
import { Store } from "../store.js";
import { applyScheme } from "../theme.js";
import { ChartElement } from "./chartelement.js";
import { predecessor } from "./predecessor.js";
import { ValueElement } from "./valueelement.js";

/** The elements for users' own pages. The page's root has the state of the connection: `<html data-connection="connected">`. */

const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../style/own.css", import.meta.url).href });
document.head.append(sheet);
applyScheme();

const store = new Store();
const feed = new Feed(store);
const tell = () => document.documentElement.setAttribute("data-connection", feed.state);
feed.addEventListener("state", tell);
tell();

ChartElement.source = ValueElement.source = { store, feed };
customElements.define("speeddata-value", ValueElement);
customElements.define("speeddata-chart", ChartElement);

if (store.loaded) predecessor(store, feed);
else store.addEventListener("list", () => predecessor(store, feed), { once: true });
