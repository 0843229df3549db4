import { access, wantsToken } from "./access.js";

/** The recorder's HTTP API. Addresses are relative to this file, so that the page works below a path prefix. */

export const root = new URL("../", import.meta.url);

/** An error that the server answered. */
export class ApiError extends Error {
  /** @param {number} status @param {Record<string, unknown>} body */
  constructor(status, body) {
    super(typeof body.error === "string" ? body.error : `the server answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** @param {string} path @param {Record<string, string | number | null | undefined>} [query] */
export function address(path, query = {}) {
  const url = new URL(path, root);
  for (const [key, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") url.searchParams.set(key, String(value));
  return url;
}

/** Encodes the name of a channel, tag or file for an address. @param {string} name */
export function part(name) {
  return encodeURIComponent(name);
}

/**
 * Sends a request. If a change needs a token, asks the user for it and sends the change again.
 * @param {string} path
 * @param {{ query?: Record<string, string | number | null | undefined>, method?: string, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} [request]
 * @returns {Promise<any>}
 */
export async function ask(path, { query, method = "GET", body, headers = {}, signal } = {}) {
  for (;;) {
    const hadToken = access.token !== null;
    const answer = await fetch(address(path, query), {
      method,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...access.headers, ...headers },
    });
    const text = await answer.text();
    const read = parse(text);
    if (answer.ok) return read;
    const error = new ApiError(answer.status, read ?? { error: text.slice(0, 300) });
    const isChange = method !== "GET" && wantsToken(error.status, error.message);
    if (!isChange || !(await access.obtain(hadToken ? `The server does not accept the token: ${error.message}` : "The server requires a token for changes."))) throw error;
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
