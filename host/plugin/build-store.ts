import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { claimCacheFolder } from "../component/cache-folder.ts";
import type { HistorySettings } from "../config/settings.ts";
import { HostError, messageOf } from "../core/error.ts";
import { writeAtomically } from "../core/write-atomically.ts";
import type { Sidecars } from "../security/trust/find-signers.ts";
import { readPluginFile } from "./read-plugin-file.ts";

/** A build, wherever it was found, with the signatures that stood beside it. */
export interface FoundBuild {
  readonly bytes: Uint8Array;
  readonly sidecars: Sidecars;
}

/** What is known of a build that has served. */
export interface StoredBuild {
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly hash: string;
  /** What it said of itself. */
  readonly version: string;
  readonly sizeBytes: number;
  /** When it began to serve last, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly servedAtMs: number;
}

const RECORD = z.strictObject({
  buildVersion: z.literal(1),
  plugin: z.string(),
  hash: z.string().regex(/^[\da-f]{64}$/),
  version: z.string(),
  sizeBytes: z.number().int().min(0),
  servedAtMs: z.number(),
  detached: z.base64().nullable(),
  minisign: z.base64().nullable(),
});

type BuildRecord = z.output<typeof RECORD>;

/** How old what has no record must be to be what a crash has left: another host may be about to write the record. */
const REMAINS_MS = 3_600_000;

/**
 * The builds that plugins have served, for rollbacks: a file for each and another one that says what it is, in a folder
 * that only its owner can write to; or in memory, where there is none.
 *
 * Files are written in one step and know nothing of each other, so that neither a crash nor another host damages more
 * than one. What is read is held against its hash; whether it is trusted is asked again by whoever runs it.
 */
export class BuildStore {
  readonly #site: string;
  readonly #limits: () => HistorySettings;
  #folder: string | undefined;
  readonly #memory = new Map<string, { record: BuildRecord; bytes: Uint8Array }>();

  /** In memory at first. @param site Tells apart plugins of one name in hosts that share a folder. */
  constructor(site: string, limits: () => HistorySettings) {
    this.#site = site;
    this.#limits = limits;
  }

  /**
   * Makes ready to keep builds in the cache folder, or in memory.
   *
   * @returns What has it be done so from now on. What was kept elsewhere stays there.
   * @throws HostError CACHE_UNSAFE
   */
  async prepare(cacheFolder: string | undefined): Promise<() => void> {
    const folder =
      cacheFolder === undefined ? undefined : await claimCacheFolder(join(cacheFolder, "builds"));
    return () => void (this.#folder = folder);
  }

  /** Those of a plugin, the one that served last first. What cannot be read is left out. */
  async list(plugin: string): Promise<StoredBuild[]> {
    const prefix = this.#prefixOf(plugin);
    const all = await this.#all();
    const own = all.filter(({ name, record }) => name.startsWith(prefix) && record.plugin === plugin);
    return own.map(({ record: { hash, version, sizeBytes, servedAtMs } }) => ({
      hash,
      version,
      sizeBytes,
      servedAtMs,
    }));
  }

  /** @throws HostError BUILD_DAMAGED when it is gone, or is not what it was */
  async read(plugin: string, hash: string): Promise<FoundBuild> {
    const name = this.#prefixOf(plugin) + hash;
    const file = this.#folder === undefined ? "memory" : join(this.#folder, `${name}.wasm`);
    try {
      const { record, bytes } = await this.#open(name);
      const found = createHash("sha256").update(bytes).digest("hex");
      if (found !== hash) throw new Error(`its hash is ${found.slice(0, 8)} now`);
      return { bytes, sidecars: { detached: decode(record.detached), minisign: decode(record.minisign) } };
    } catch (cause) {
      throw new HostError("BUILD_DAMAGED", { plugin, hash, file, reason: messageOf(cause) }, { cause });
    }
  }

  /**
   * Keeps a build, and lets go of those that are too many or too large then: never of this one.
   *
   * @throws HostError BUILD_NOT_KEPT
   */
  async keep(plugin: string, stored: StoredBuild, { bytes, sidecars }: FoundBuild): Promise<void> {
    const name = this.#prefixOf(plugin) + stored.hash;
    const { detached, minisign } = sidecars;
    const record = {
      buildVersion: 1,
      plugin,
      ...stored,
      detached: encode(detached),
      minisign: encode(minisign),
    } as const;
    try {
      if (this.#folder === undefined) this.#memory.set(name, { record, bytes });
      else await write(join(this.#folder, name), record, bytes);
      await this.#prune(name, this.#prefixOf(plugin));
    } catch (cause) {
      const folder = this.#folder ?? "memory";
      const details = { plugin, folder, reason: messageOf(cause) };
      throw new HostError("BUILD_NOT_KEPT", details, { cause });
    }
  }

  async #prune(newest: string, prefix: string): Promise<void> {
    const { builds, maxBytes } = this.#limits();
    let own = 0;
    let sizeBytes = 0;
    for (const { name, record } of await this.#all()) {
      if (name.startsWith(prefix)) own += 1;
      sizeBytes += record.sizeBytes;
      const isOver = sizeBytes > maxBytes || (name.startsWith(prefix) && own > builds + 1);
      if (!isOver || name === newest) continue;
      sizeBytes -= record.sizeBytes;
      await this.#remove(name);
    }
    if (this.#folder !== undefined) await removeRemains(this.#folder);
  }

  /** Of all plugins, and of all hosts that share the folder: the one that served last first. */
  async #all(): Promise<{ readonly name: string; readonly record: BuildRecord }[]> {
    const folder = this.#folder;
    const found =
      folder === undefined
        ? Array.from(this.#memory, ([name, { record }]) => ({ name, record }))
        : await Promise.all((await namesIn(folder)).map(async (name) => readRecord(folder, name)));
    return found
      .filter((entry) => entry !== undefined)
      .toSorted((a, b) => b.record.servedAtMs - a.record.servedAtMs);
  }

  async #open(name: string): Promise<{ record: BuildRecord; bytes: Uint8Array }> {
    if (this.#folder === undefined) {
      const kept = this.#memory.get(name);
      if (!kept) throw new Error("it is no longer kept");
      return kept;
    }
    const file = join(this.#folder, name);
    const record = RECORD.parse(JSON.parse(await readFile(`${file}.json`, "utf8")));
    return { record, bytes: await readPluginFile(`${file}.wasm`) };
  }

  async #remove(name: string): Promise<void> {
    this.#memory.delete(name);
    if (this.#folder === undefined) return;
    // Without the record nobody looks for the rest.
    for (const ending of ["json", "wasm"]) await rm(join(this.#folder, `${name}.${ending}`), { force: true });
  }

  #prefixOf(plugin: string): string {
    return `${createHash("sha256").update(`${this.#site}\0${plugin}`).digest("hex").slice(0, 16)}-`;
  }
}

async function write(file: string, record: BuildRecord, bytes: Uint8Array): Promise<void> {
  await writeAtomically(`${file}.wasm`, bytes);
  await writeAtomically(`${file}.json`, JSON.stringify(record));
}

async function namesIn(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = await readdir(folder);
  return files
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .map((name) => name.slice(0, -5));
}

/** What a crash has left is in no record, so that it would be counted nowhere. */
async function removeRemains(folder: string): Promise<void> {
  const files = new Set(await readdir(folder));
  for (const file of files) {
    const isUnrecorded = file.endsWith(".wasm") && !files.has(file.replace(/wasm$/, "json"));
    if (!isUnrecorded && !file.endsWith(".tmp")) continue;
    const path = join(folder, file);
    const state = await stat(path).catch(() => undefined);
    if (state && Date.now() - state.mtimeMs > REMAINS_MS) await rm(path, { force: true });
  }
}

async function readRecord(folder: string, name: string) {
  try {
    const record = RECORD.parse(JSON.parse(await readFile(join(folder, `${name}.json`), "utf8")));
    return name.endsWith(`-${record.hash}`) ? { name, record } : undefined;
  } catch {
    return undefined;
  }
}

function encode(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : Buffer.from(bytes).toString("base64");
}

function decode(text: string | null): Uint8Array | undefined {
  return text === null ? undefined : Buffer.from(text, "base64");
}
