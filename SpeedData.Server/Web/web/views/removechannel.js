import { ask, part } from "../api.js";
import { openDialog } from "../dialog.js";
import { el, say } from "../dom.js";
import { note } from "../notes.js";

/** @param {import("../store.js").ChannelInfo} info */
export function removeChannel(info) {
  const wrong = el("p", { class: "wrong", role: "alert" });
  openDialog(`Remove the channel ${info.name}?`, [el("p", { text: "The channel stops receiving and loses its counters. Its recordings stay." }), wrong], "Remove", async () => {
    try {
      await ask(`api/v1/channels/${part(info.name)}`, { method: "DELETE" });
      note(`Channel ${info.name} was removed.`);
      return true;
    } catch (e) {
      say(wrong, e instanceof Error ? e.message : String(e));
      return false;
    }
  }, true);
}
