/** The keys of a channel that have a field in the form. All others are edited as JSON. */

/** @typedef {{ key: string, label: string, hint?: string, kind: "text" | "number" | "choice" | "list", choices?: string[] }} Key */

/** @type {{ title: string, keys: Key[] }[]} */
export const GROUPS = [
  { title: "Receive", keys: [
    { key: "Receive:Address", label: "Address", hint: "address to bind, or multicast group to join", kind: "text" },
    { key: "Receive:Interface", label: "Interface", hint: "for a group: name or address", kind: "text" },
    { key: "Receive:AllowedSources", label: "Allowed senders", hint: "networks, separated by commas; empty: any", kind: "list" }] },
  { title: "Decimated stream", keys: [
    { key: "Decimated:Factor", label: "Factor", hint: "records per window", kind: "number" },
    { key: "Decimated:Algorithm", label: "Algorithm", kind: "choice", choices: ["Downsample", "Average", "Rms", "MinMax"] },
    { key: "Decimated:Address", label: "Address", kind: "text" },
    { key: "Decimated:Port", label: "Port", kind: "number" }] },
  { title: "Full stream", keys: [
    { key: "FullRate:Address", label: "Address", kind: "text" },
    { key: "FullRate:Port", label: "Port", kind: "number" }] },
  { title: "Archive", keys: [
    { key: "Archive:Codec", label: "Codec", kind: "choice", choices: ["null", "deflate", "zstandard"] },
    { key: "Archive:RotateEvery", label: "New file every", hint: "such as 1 h", kind: "text" },
    { key: "Archive:RetainFor", label: "Keep for", hint: "such as 30 d", kind: "text" },
    { key: "Archive:RetainBytes", label: "Keep at most", hint: "such as 100 GiB", kind: "text" }] },
];

/** @param {any} config @param {string} key */
export function read(config, key) {
  return key.split(":").reduce((node, name) => node?.[name], config);
}

/** @param {any} config @param {string} key @param {unknown} value undefined removes the key */
export function write(config, key, value) {
  const [group, name] = key.split(":");
  if (value === undefined) {
    delete config[group]?.[name];
    if (config[group] && Object.keys(config[group]).length === 0) delete config[group];
  } else (config[group] ??= {})[name] = value;
}
