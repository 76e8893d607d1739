import type { ServiceName } from "./contract/services.ts";

/** The interfaces of WASI that are given, without their version: that of every 0.2.N. */
const STABLE: ReadonlySet<string> = new Set([
  "wasi:cli/environment",
  "wasi:cli/exit",
  "wasi:cli/stderr",
  "wasi:cli/stdin",
  "wasi:cli/stdout",
  "wasi:cli/terminal-input",
  "wasi:cli/terminal-output",
  "wasi:cli/terminal-stderr",
  "wasi:cli/terminal-stdin",
  "wasi:cli/terminal-stdout",
  "wasi:clocks/monotonic-clock",
  "wasi:clocks/wall-clock",
  "wasi:filesystem/preopens",
  "wasi:filesystem/types",
  "wasi:http/outgoing-handler",
  "wasi:http/types",
  "wasi:io/error",
  "wasi:io/poll",
  "wasi:io/streams",
  "wasi:random/insecure",
  "wasi:random/insecure-seed",
  "wasi:random/random",
]);

/** What is a draft is given in the versions that are known, between which what is given here did not change. */
const DRAFTS: readonly string[] = [
  "wasi:config/store@0.2.0-rc.1",
  "wasi:config/store@0.2.0-draft",
  "wasi:keyvalue/store@0.2.0-draft2",
  "wasi:keyvalue/store@0.2.0-draft",
  "wasi:logging/logging@0.1.0-draft",
  "wasi:logging/logging",
];

/** The interfaces that ask for something, by the service that answers them. */
const ASKING: Readonly<Record<string, ServiceName>> = {
  "wasi:http/outgoing-handler": "http-client",
  "wasi:keyvalue/store": "cache",
};

/** What the bindings suspend a plugin for, as their generator names it; each for a version of WASI. */
const POLL = ["wasi:io/poll#poll", "wasi:io/poll#[method]pollable.block"];

const STREAMS = [
  "input-stream.blocking-read",
  "input-stream.blocking-skip",
  "output-stream.blocking-write-and-flush",
  "output-stream.blocking-flush",
  "output-stream.blocking-write-zeroes-and-flush",
  "output-stream.blocking-splice",
].map((method) => `wasi:io/streams#[method]${method}`);

const FILES = `
  sync sync-data set-size set-times read write read-directory stat metadata-hash is-same-object stat-at
  metadata-hash-at set-times-at open-at create-directory-at remove-directory-at unlink-file-at link-at rename-at
  readlink-at symlink-at
`
  .trim()
  .split(/\s+/)
  .map((method) => `wasi:filesystem/types#[method]descriptor.${method}`)
  .concat("wasi:filesystem/types#[method]directory-entry-stream.read-directory-entry");

const KEY_VALUE = [
  "open",
  ...["get", "set", "delete", "exists", "list-keys"].map((m) => `[method]bucket.${m}`),
].map((name) => `wasi:keyvalue/store#${name}`);

interface WaitOptions {
  /** Whether it is a standard HTTP component. */
  readonly answers: boolean;
  /** Whether it was granted a folder. */
  readonly files: boolean;
}

/** All that is given, for a message. */
export const WASI_IMPORTS: readonly string[] = [...STABLE, ...DRAFTS];

/** The name without its version of an interface of WASI that is given; undefined for any other. */
export function wasiInterface(name: string): string | undefined {
  if (DRAFTS.includes(name)) return name.replace(/@.*$/, "");
  const unversioned = name.replace(/@0\.2\.\d+$/, "");
  return STABLE.has(unversioned) ? unversioned : undefined;
}

/** The service behind an interface of WASI that asks for one. */
export function serviceBehind(wasi: string): ServiceName | undefined {
  return Object.hasOwn(ASKING, wasi) ? ASKING[wasi] : undefined;
}

/**
 * The functions of WASI that wait. Not every plugin can be suspended wherever it prints, so streams do where they
 * may have an end that is not in memory.
 *
 * @param wasi The interfaces that the plugin imports.
 */
export function wasiWaits(wasi: readonly string[], { answers, files }: WaitOptions): string[] {
  return [
    ...POLL,
    ...(answers || files || wasi.includes("wasi:http/outgoing-handler") ? STREAMS : []),
    ...(files ? FILES : []),
    ...(wasi.includes("wasi:keyvalue/store") ? KEY_VALUE : []),
  ];
}
