import { access } from "./access.js";
import { ApiError } from "./api.js";
import { note } from "./notes.js";

/** Makes a download link send the token if reading needs it, since a plain link cannot. @param {HTMLAnchorElement} link */
export function downloadWithToken(link) {
  link.addEventListener("click", event => {
    if (!access.isNeededToRead || !link.href) return;
    event.preventDefault();
    note("The download is being prepared.");
    save(link.href).catch(e => note(e instanceof Error ? e.message : String(e), true));
  });
}

/** @param {string} address */
async function save(address) {
  const answer = await fetch(address, { headers: access.headers });
  if (!answer.ok) throw new ApiError(answer.status, await answer.json().catch(() => ({})));
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  const url = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
