import { tokenForm } from "./tokenform.js";

/** The token that a server may require. It is kept until the tab is closed, and sent with requests and WebSockets, never in an address. */

const TOKEN = "speeddata.token", READS = "speeddata.reads", BEARER = "speeddata.bearer.";
const PATIENCE_MS = 2500;

/** @typedef {"open" | "missing" | "wrong" | "blocked"} Reading whether the server allows this page to read */

/** Whether a refusal names a key that a token would satisfy. @param {number} status @param {unknown} why */
export function wantsToken(status, why) {
  return status === 429 || (status === 403 && typeof why === "string" && /SpeedData:Api:(Reads|TokenFile)/.test(why));
}

/** Fires `change` when reading becomes possible, or impossible. */
class Access extends EventTarget {
  /** @type {Reading} */
  reading = "open";
  /** @type {Promise<boolean> | null} */
  #asking = null;

  get token() {
    return sessionStorage.getItem(TOKEN);
  }

  /** Whether even a download needs the token. */
  get isNeededToRead() {
    return sessionStorage.getItem(READS) !== null;
  }

  /** @returns {Record<string, string>} */
  get headers() {
    return bearer(this.token);
  }

  /** Returns the subprotocols that a WebSocket offers, with the token among them: a browser cannot set headers there. @param {string} protocol */
  protocols(protocol) {
    return this.token ? [protocol, BEARER + base64Url(this.token)] : [protocol];
  }

  /** Asks the user for a token, in one form at a time. @param {string} why @returns {Promise<boolean>} whether the page has a token now */
  obtain(why) {
    this.#asking ??= tokenForm(why, token => this.#use(token)).finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Waits until reading is allowed. It also returns if the server does not refuse it. */
  async untilReadable() {
    this.#become(await check(this.token));
    if (this.reading === "open") return;
    sessionStorage.setItem(READS, "token");
    if (await this.obtain(this.why)) return;
    await new Promise(resolve => this.addEventListener("change", () => this.reading === "open" && resolve(null)));
  }

  /** Explains to the user why reading is not allowed. */
  get why() {
    return explain(this.reading);
  }

  /** @param {string} token @returns {Promise<string | null>} what is wrong with the token; null if it was accepted */
  async #use(token) {
    // A header cannot contain other characters.
    if (!/^[\x21-\x7e]+$/.test(token)) return "A token has letters, digits and punctuation, and no spaces.";
    const reading = await check(token);
    if (reading !== "open") return explain(reading);
    sessionStorage.setItem(TOKEN, token);
    this.#become("open");
    return null;
  }

  /** @param {Reading} reading */
  #become(reading) {
    if (reading === this.reading) return;
    this.reading = reading;
    this.dispatchEvent(new Event("change"));
  }
}

export const access = new Access();

/** @param {string | null} token @returns {Promise<Reading>} */
async function check(token) {
  const answer = await fetch(new URL("../api/v1/pages", import.meta.url), { headers: bearer(token), signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  return answer?.status === 429 ? "blocked" : answer?.status !== 403 ? "open" : token ? "wrong" : "missing";
}

/** @param {Reading} reading */
function explain(reading) {
  return reading === "missing" ? "This server shows its data only with a token."
    : reading === "blocked" ? "There were too many wrong tokens from this address. Wait a minute, then try again."
    : "The token is wrong. The server's key Api:TokenFile names the file that has the right one.";
}

/** @param {string | null} token @returns {Record<string, string>} */
function bearer(token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** @param {string} text */
function base64Url(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
