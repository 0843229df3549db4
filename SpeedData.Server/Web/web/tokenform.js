import { openDialog } from "./dialog.js";
import { el, say } from "./dom.js";

/** Asks the user for the server's token. @param {string} why @param {(token: string) => Promise<string | null>} use returns what is wrong with it @returns {Promise<boolean>} false if it was cancelled */
export function tokenForm(why, use) {
  const token = el("input", { type: "password", required: true, autocomplete: "off", name: "token" });
  const wrong = el("p", { class: "wrong", role: "alert" });
  let isKept = false;
  const dialog = openDialog("Enter the token", [
    el("p", { text: why }),
    el("label", { class: "field" }, el("span", { text: "Token" }), token, el("span", { class: "hint", text: "The page keeps it until you close this tab." })),
    wrong,
  ], "Continue", async () => {
    const fault = await use(token.value.trim());
    say(wrong, fault ?? "");
    token.setAttribute("aria-invalid", String(fault !== null));
    isKept = fault === null;
    return isKept;
  });
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(isKept), { once: true }));
}
