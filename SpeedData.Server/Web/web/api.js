/** The recorder's HTTP API. Addresses are relative to this file, so that the page works below a path prefix. */

export const root = new URL("../", import.meta.url);

const TOKEN = "speeddata.token";

/** What the server answered instead of what was asked for. */
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

/** A name of a channel, tag or file as part of an address. @param {string} name */
export function part(name) {
  return encodeURIComponent(name);
}

/**
 * @param {string} path
 * @param {{ query?: Record<string, string | number | null | undefined>, method?: string, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} [request]
 * @returns {Promise<any>}
 */
export async function ask(path, { query, method = "GET", body, headers = {}, signal } = {}) {
  const given = sessionStorage.getItem(TOKEN);
  const answer = await fetch(address(path, query), {
    method,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...(given ? { Authorization: `Bearer ${given}` } : {}), ...headers },
  });
  const text = await answer.text();
  const read = parse(text);
  if (!answer.ok) throw new ApiError(answer.status, read ?? { error: text.slice(0, 300) });
  return read;
}

/** Kept until the tab is closed. @param {string} token */
export function useToken(token) {
  if (token) sessionStorage.setItem(TOKEN, token);
  else sessionStorage.removeItem(TOKEN);
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
