import { ask } from "../api.js";

/** Names of the channels that can be changed over HTTP: those that no configuration file lists. @returns {Promise<Set<string>>} */
export async function fetchRegistered() {
  const found = await ask("api/v1/channels").catch(() => null);
  return new Set((found?.channels ?? []).filter((/** @type {any} */ c) => c.kind === "registered").map((/** @type {any} */ c) => c.name));
}
