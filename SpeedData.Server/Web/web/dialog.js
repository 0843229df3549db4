import { el } from "./dom.js";

/** Shows a dialog. @param {string} title @param {(Node | string)[]} fields @param {string} action @param {() => Promise<boolean>} act returns true to close the dialog @param {boolean} [isDanger] @returns the dialog, which fires `close` */
export function openDialog(title, fields, action, act, isDanger = false) {
  const go = el("button", { type: "submit", class: isDanger ? "danger" : "primary", text: action });
  const form = el("form", {}, el("h2", { text: title, id: "dialog-title" }), fields, el("div", { class: "actions" }, el("button", { type: "button", text: "Cancel", onclick: () => dialog.close() }), go));
  const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, form);
  form.onsubmit = async event => {
    event.preventDefault();
    go.disabled = true;
    if (await act()) dialog.close();
    go.disabled = false;
  };
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
