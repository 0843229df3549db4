import { ask } from "../api.js";

/** Reads the names of channels that can be changed over HTTP: those that are not in the configuration file. @returns {Promise<Set<string>>} */
export async function fetchRegistered() {
  const found = await ask("api/v1/channels").catch(() => null);
  return new Set((found?.channels ?? []).filter((/** @type {any} */ c) => c.kind === "registered").map((/** @type {any} */ c) => c.name));
}
