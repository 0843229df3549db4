import { ApiError, ask, part } from "../api.js";
import { el, fill, say } from "../dom.js";
import { link } from "../route.js";
import { note } from "../notes.js";
import { GROUPS, read, write } from "./channelkeys.js";

/** @typedef {{ key: string, value: unknown, why: string }} Finding */

/** The form that adds or changes a channel, with the server's check of the input. @param {HTMLElement} main @param {import("../app.js").Context} context */
export function channelForm(main, { store, leaving, route }) {
  const isNew = !route.name;
  const head = el("h1", { text: isNew ? "Add a channel" : `Change ${route.name}` });
  const place = el("div");
  main.append(el("div", { class: "row spread view-head" }, head, el("a", { class: "button quiet", href: link("channels"), text: "All channels" })), place);
  const begin = async () => {
    if (!isNew && !store.loaded) return;
    leaving.leave();
    const info = store.get(route.name);
    if (!isNew && !info) return fill(place, el("div", { class: "card empty" }, el("strong", { text: `There is no channel ${route.name}` })));
    if (isNew) return place.replaceWith(form(null));
    const found = await ask(`api/v1/channels/${part(route.name)}`).catch(e => ({ error: e.message }));
    if (!found.registration) return fill(place, el("div", { class: "card empty" }, el("strong", { text: found.error ?? `${route.name} is in the configuration file` }), !found.error && el("p", { text: "Change it there, then reload." })));
    return place.replaceWith(form(found));
  };
  leaving.listen(store, "list", () => void begin());
  void begin();
}

/** @param {any} found the running channel; null for a new one */
function form(found) {
  const { schema, config } = found?.registration ?? { schema: "", config: {} };
  const isPath = typeof schema === "string";
  const name = el("input", { required: true, value: found?.name ?? "", disabled: found !== null, autocomplete: "off" });
  const port = el("input", { required: true, value: found ? String(found.port) : "auto", autocomplete: "off" });
  const path = el("input", { value: isPath ? schema : "", autocomplete: "off", placeholder: "schemas/motor.avsc" });
  const inline = el("textarea", { value: isPath ? "" : JSON.stringify(schema, null, 2), spellcheck: false, placeholder: '{ "type": "record", "name": "motor", "fields": [ … ] }' });
  const more = el("textarea", { spellcheck: false });
  const result = el("div", { class: "stack", role: "status" });
  const save = el("button", { type: "submit", class: "primary", text: found ? "Save the changes" : "Add the channel" });
  /** @type {Map<string, { input: HTMLElement, wrong: HTMLElement }>} */
  const fields = new Map();
  const field = (/** @type {string} */ key, /** @type {string} */ label, /** @type {HTMLElement} */ input, /** @type {string} */ hint = "") => {
    const wrong = el("span", { class: "wrong" });
    fields.set(key.toLowerCase(), { input, wrong });
    return el("label", { class: "field" }, el("span", { text: label }), input, hint && el("span", { class: "hint", text: hint }), wrong);
  };
  const keyField = (/** @type {import("./channelkeys.js").Key} */ key) => {
    const value = read(config, key.key);
    const input = key.kind === "choice"
      ? el("select", {}, el("option", { value: "", text: "default" }), (key.choices ?? []).map(c => el("option", { value: c, text: c, selected: String(value ?? "").toLowerCase() === c.toLowerCase() })))
      : el("input", { value: Array.isArray(value) ? value.join(", ") : String(value ?? ""), placeholder: "default", autocomplete: "off", inputMode: key.kind === "number" ? "numeric" : "text" });
    input.onchange = () => {
      const text = input.value.trim();
      write(config, key.key, text === "" ? undefined : key.kind === "number" && /^\d+$/.test(text) ? Number(text) : key.kind === "list" ? text.split(",").map(t => t.trim()).filter(Boolean) : text);
      more.value = JSON.stringify(config, null, 2);
      preview();
    };
    return field(key.key, key.label, input, key.hint);
  };
  more.value = JSON.stringify(config, null, 2);

  const asked = () => {
    const keys = JSON.parse(more.value || "{}");
    return { name: name.value.trim(), port: /^\d+$/.test(port.value.trim()) ? Number(port.value) : port.value.trim(), schema: inline.value.trim() ? JSON.parse(inline.value) : path.value.trim(), config: keys };
  };
  let due = 0;
  const preview = () => {
    clearTimeout(due);
    due = setTimeout(() => void judge(), 350);
  };
  const judge = async () => {
    clearFindings();
    if (!name.value.trim() && !inline.value.trim() && !path.value.trim()) return fill(result, el("p", { class: "muted", text: "The server checks your input as you type. Nothing changes until you save." }));
    try {
      const answer = await ask("api/v1/validate", { method: "POST", body: asked() });
      const warnings = answer?.warnings ?? [], changes = answer?.changes ?? [];
      fill(result,
        el("p", { class: "good-text", text: found ? (changes.length === 0 ? "Nothing changes." : "These changes would be accepted.") : `This channel would be accepted, on port ${answer?.port ?? port.value}.` }),
        found && changes.length > 0 && el("ul", { class: "findings" }, changes.map((/** @type {any} */ c) => el("li", {}, el("code", { text: c.key }), ` ${c.from} → ${c.to}`, el("div", { class: "muted small", text: [c.replaces && `replaces ${c.replaces}`, c.when, c.cost].filter(Boolean).join("; ") })))),
        warnings.length > 0 && el("ul", { class: "findings" }, warnings.map((/** @type {any} */ w) => el("li", {}, el("code", { text: w.key }), ` ${w.why}`))));
    } catch (e) {
      tell(e);
    }
  };
  const clearFindings = () => {
    for (const { input, wrong } of fields.values()) {
      input.removeAttribute("aria-invalid");
      say(wrong, "");
    }
  };
  /** @param {unknown} error */
  const tell = error => {
    if (error instanceof SyntaxError) return fill(result, el("p", { class: "wrong", text: `The schema or the other keys are not valid JSON: ${error.message}` }));
    if (!(error instanceof ApiError)) return fill(result, el("p", { class: "wrong", text: "The server does not answer." }));
    const findings = /** @type {Finding[]} */ (Array.isArray(error.body.findings) ? error.body.findings : []);
    const others = findings.filter(f => {
      const place = fields.get(f.key.toLowerCase()) ?? [...fields].find(([key]) => f.key.toLowerCase().endsWith(key))?.[1];
      place?.input.setAttribute("aria-invalid", "true");
      if (place) say(place.wrong, f.why);
      return !place;
    });
    fill(result,
      el("p", { class: "wrong", text: findings.length > 0 ? `${findings.length === 1 ? "One value is" : `${findings.length} values are`} not accepted.` : error.message }),
      typeof error.body.details === "string" && el("p", { class: "wrong small", text: error.body.details }),
      others.length > 0 && el("ul", { class: "findings" }, others.map(f => el("li", {}, el("code", { text: f.key }), ` ${f.why}`))));
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    save.disabled = true;
    try {
      const body = asked();
      await (found ? ask(`api/v1/channels/${part(found.name)}`, { method: "PUT", body, headers: found.etag ? { "If-Match": found.etag } : {} }) : ask("api/v1/channels", { method: "POST", body }));
      note(found ? `Channel ${found.name} was changed.` : `Channel ${name.value.trim()} was added.`);
      location.hash = link("channels");
    } catch (e) {
      clearFindings();
      tell(e);
    }
    save.disabled = false;
  };
  const made = el("form", { class: "form-grid", onsubmit: submit, oninput: preview },
    el("div", { class: "stack" },
      el("section", { class: "card" }, el("div", { class: "body stack" },
        el("div", { class: "fields" }, field("Name", "Name", name, "letters, digits, dot, hyphen and underscore"), field("Port", "UDP port", port, "auto takes the next free one"), field("Schema", "Schema file on the server", path, "or write the schema below")),
        el("label", { class: "field" }, el("span", { text: "Schema" }), inline))),
      GROUPS.map(group => el("section", { class: "card" }, el("header", {}, el("h2", { text: group.title })), el("div", { class: "body fields" }, group.keys.map(keyField)))),
      el("section", { class: "card" }, el("div", { class: "body" }, el("details", {}, el("summary", { text: "All keys as JSON" }), el("label", { class: "field" }, el("span", { text: "Keys as in docs/configuration.md" }), more))))),
    el("section", { class: "card preview" }, el("header", {}, el("h2", { text: "Check" })), el("div", { class: "body stack" }, result, el("div", { class: "row" }, save, el("a", { class: "button", href: link("channels"), text: "Cancel" })))));
  void judge();
  return made;
}
