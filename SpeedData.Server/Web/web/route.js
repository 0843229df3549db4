/** The address contains the view after `#`, so that a link shows the same view: `#/channel/engine?signals=rpm,temp&window=30s`. */

/** @typedef {{ view: string, name: string, query: URLSearchParams }} Route */

/** @returns {Route} */
export function current() {
  const [path, query] = split(location.hash.replace(/^#\/?/, ""), "?");
  const [view, name] = split(path, "/");
  return { view: view || "overview", name: decode(name), query: new URLSearchParams(query) };
}

/** @param {string} view @param {string} [name] @param {URLSearchParams | Record<string, string>} [query] */
export function link(view, name, query) {
  const text = new URLSearchParams(query).toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return `#/${view}${name ? `/${encodeURIComponent(name)}` : ""}${text ? `?${text}` : ""}`;
}

/** Changes the address without opening a view or adding an entry to the browser's history. @param {Record<string, string | null>} changes */
export function keep(changes) {
  const { view, name, query } = current();
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(key);
    else query.set(key, value);
  }
  history.replaceState(history.state, "", link(view, name, query));
}

/** @param {string} text @param {string} by @returns {[string, string]} */
function split(text, by) {
  const at = text.indexOf(by);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
