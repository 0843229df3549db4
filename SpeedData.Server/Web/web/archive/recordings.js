import { ask } from "../api.js";

/**
 * The content of the archive: runs, and for each channel the times with data.
 * @typedef {{ from: number, to: number, records: number, lost: number, run: string }} Segment in ms
 * @typedef {{ from: number, to: number, count: number | null, why: string }} Hole
 * @typedef {{ channel: string, segments: Segment[], gaps: Hole[] }} Coverage
 * @typedef {{ id: string, from: number, to: number, records: number, bytes: number, lost: number, open: boolean, tags: string[], channels: string[] }} Run
 * @typedef {{ name: string, from: number, to: number | null, channels: string[] | null, labels: Record<string, string>, note: string, marks: { at: number, text: string }[] }} Tag
 */

/** @param {number} [from] @param {number} [to] in ms @param {AbortSignal} [signal] @returns {Promise<Coverage[]>} */
export async function fetchCoverage(from, to, signal) {
  const found = await ask("api/v1/coverage", { query: { from: iso(from), to: iso(to) }, signal });
  return found.channels.map((/** @type {any} */ c) => ({
    channel: c.channel,
    segments: c.segments.map((/** @type {any} */ s) => ({ ...s, from: Date.parse(s.from), to: Date.parse(s.to) })),
    gaps: c.gaps.map((/** @type {any} */ g) => ({ from: Date.parse(g.from), to: Date.parse(g.to), count: g.lost, why: g.why })),
  }));
}

/** Reads the runs, newest first. @returns {Promise<Run[]>} */
export async function fetchRuns(limit = 200) {
  const found = await ask("api/v1/runs", { query: { limit } });
  return found.runs.map((/** @type {any} */ r) => ({ ...r, from: Date.parse(r.from), to: Date.parse(r.to), channels: r.channels.map((/** @type {any} */ c) => c.channel) }));
}

/** Reads the tags, newest first; null if the server has no tags. @returns {Promise<Tag[] | null>} */
export async function fetchTags() {
  const found = await ask("api/v1/tags").catch(() => null);
  return found?.tags?.map((/** @type {any} */ t) => ({
    name: t.name ?? t.tag, from: Date.parse(t.from), to: t.to ? Date.parse(t.to) : null, channels: t.channels?.length > 0 ? t.channels : null, labels: t.labels ?? {}, note: t.note ?? "",
    marks: (t.marks ?? []).map((/** @type {any} */ m) => ({ at: Date.parse(m.at), text: m.text })),
  })) ?? null;
}

/** @param {number | null | undefined} ms */
export function iso(ms) {
  return ms === null || ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString();
}
