import { type Attack, BOTH, type Ending } from "./attack.ts";

const OUTSIDE: Ending = { told: ["denied", "not-found", "invalid-input"] };
const NO_FILE: Ending = { told: ["invalid-input", "denied", "not-found", "unavailable"] };

/** Paths for backups, which may go to `backups` alone. `backups/link` leads out of it, `backups/folder` does not. */
const PATHS: readonly (readonly [name: string, path: string, ends: Ending])[] = [
  ["one folder up", "../escaped.db", OUTSIDE],
  ["up by way of a folder", "folder/../../escaped.db", OUTSIDE],
  ["up by way of a folder that there is not", "nowhere/../../escaped.db", OUTSIDE],
  ["beside it, by a name that begins alike", "../backups-2/escaped.db", OUTSIDE],
  ["to an absolute path", "/tmp/tusk-escaped.db", OUTSIDE],
  ["to the root", "/", NO_FILE],
  ["through a link", "link/escaped.db", OUTSIDE],
  ["through a link and back", "link/../../escaped.db", OUTSIDE],
  ["through a folder of the process", "/proc/self/cwd/escaped.db", OUTSIDE],
  ["over a device", "/dev/full", OUTSIDE],
  ["over a database in use", "live.db", { told: "conflict" }],
  ["over what SQLite keeps beside a database in use", "live.db-wal", { told: "conflict" }],
  ["over the folder itself", ".", NO_FILE],
  ["over the folder's own folder", "..", NO_FILE],
  ["over a folder in it", "folder", NO_FILE],
  ["over a folder in it, with a slash", "folder/", NO_FILE],
  ["nowhere", "", NO_FILE],
  ["to a name with a zero in it", "copy.db\0.txt", NO_FILE],
  ["to a name that is too long", "x".repeat(5_000), NO_FILE],
  ["to a path a hundred thousand folders deep", "a/".repeat(100_000) + "x", NO_FILE],
  ["in Windows' way", "..\\..\\escaped.db", { answer: null }],
  ["with the dots encoded", "%2e%2e/escaped.db", OUTSIDE],
  ["to a URL", "file:///tmp/tusk-escaped.db", OUTSIDE],
  ["over a link to a file elsewhere", "link.db", { answer: null }],
];

export const PATH_ATTACKS: readonly Attack[] = PATHS.map(([name, path, ends]) => ({
  name: `backs up ${name}`,
  target: "backups",
  languages: BOTH,
  query: "service:backup",
  params: ["main", path],
  ends,
}));
