import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { InspectedComponent } from "../component/loader.ts";
import type { PluginSettings } from "../config/settings.ts";
import { HostError, messageOf } from "../core/error.ts";
import { readSidecars, type Sidecars } from "../security/trust/find-signers.ts";
import { verifyName } from "./default-settings.ts";
import { readPluginFile } from "./read-plugin-file.ts";
import type { BuildStore, FoundBuild, StoredBuild } from "./build-store.ts";
import type { SwapCause } from "./events.ts";

/** A build that serves. */
export interface ServingBuild {
  readonly component: InspectedComponent;
  readonly sidecars: Sidecars;
  /** What it said of itself. */
  readonly version: string;
}

/** Of a hash that names a build. */
const MIN_HASH_LENGTH = 4;

/** Where the builds of a plugin come from: its file, or what is kept of those that have served. */
export class BuildHistory {
  readonly #plugin: string;
  readonly #store: BuildStore;
  readonly #now: () => number;
  #current: ServingBuild | undefined;
  /** SHA-256 of what its file held when it was read last. */
  #inFile: string | undefined;
  #kept: readonly StoredBuild[] | undefined;
  #passedOver: string | undefined;

  constructor(plugin: string, store: BuildStore, now: () => number) {
    this.#plugin = plugin;
    this.#store = store;
    this.#now = now;
  }

  /** The one that was taken last. */
  get current(): ServingBuild | undefined {
    return this.#current;
  }

  /** What a rollback can bring back: the first one does, if nobody says which. */
  get earlier(): readonly StoredBuild[] {
    const isNot = this.#current?.component.hash ?? this.#inFile;
    return (this.#kept ?? []).filter(({ hash }) => hash !== isNot);
  }

  /** SHA-256 of what stands in the plugin's file and is not taken because of a rollback. */
  get passedOver(): string | undefined {
    return this.#passedOver;
  }

  /**
   * The build in the file. If that is what a rollback passes over, and nobody asks for it, the one that serves in
   * its place.
   *
   * @throws HostError FILE_UNREADABLE, SIGNATURE_MALFORMED
   */
  async newest(settings: PluginSettings, cause: SwapCause = "change"): Promise<FoundBuild> {
    verifyName(settings);
    this.#kept ??= await this.#store.list(this.#plugin);
    const found = await this.#read(settings.path);
    this.#inFile = hashOf(found);
    if (cause === "change" && this.#passedOver !== undefined) {
      if (this.#inFile === this.#passedOver && this.#current) return foundBuild(this.#current);
      this.#passedOver = undefined;
    }
    return found;
  }

  /**
   * A build serves now. The same one with other settings, or other signatures, is no other build.
   *
   * @throws HostError BUILD_NOT_KEPT when there can be no rollback to it
   */
  async took(build: ServingBuild): Promise<void> {
    const before = this.#current;
    const { component, sidecars, version } = build;
    const { hash, bytes } = component;
    const isAnother = hash !== before?.component.hash;
    this.#current = build;
    if (isAnother || hash === this.#passedOver) this.#passedOver = undefined;
    if (!isAnother && isDeepStrictEqual(sidecars, before.sidecars)) return;
    // Clocks that stand still, or go back, must not mix up the order.
    const newest = this.#kept?.[0]?.servedAtMs ?? 0;
    const servedAtMs = Math.max(this.#now(), newest + 1);
    await this.#store.keep(
      this.#plugin,
      { hash, version, sizeBytes: bytes.length, servedAtMs },
      { bytes, sidecars },
    );
    this.#kept = await this.#store.list(this.#plugin);
  }

  /**
   * Brings back a build that has served, by way of `swap`. What the file held when it began is passed over from
   * then on, until it holds something else.
   *
   * @param to The version of one, or the beginning of its hash; the one that served last if nothing is said.
   * @throws HostError ROLLBACK_IMPOSSIBLE, ROLLBACK_UNKNOWN, BUILD_DAMAGED, or what `swap` throws
   */
  async rollBack(
    { path }: PluginSettings,
    to: string | undefined,
    swap: (build: FoundBuild) => Promise<unknown>,
  ): Promise<void> {
    // What cannot be read now is something else once it can be.
    this.#inFile = await this.#read(path).then(hashOf, () => undefined);
    this.#kept = await this.#store.list(this.#plugin);
    const { hash } = this.#find(to);
    const inFile = this.#inFile;
    await swap(await this.#store.read(this.#plugin, hash));
    if (inFile !== hash) this.#passedOver = inFile;
  }

  #find(to: string | undefined): StoredBuild {
    const plugin = this.#plugin;
    const [first] = this.earlier;
    if (!first) throw new HostError("ROLLBACK_IMPOSSIBLE", { plugin });
    if (to === undefined) return first;
    const named = this.earlier.find(({ version }) => version === to);
    const found =
      named ?? this.earlier.find(({ hash }) => to.length >= MIN_HASH_LENGTH && hash.startsWith(to));
    if (found) return found;
    const kept = this.earlier.map(({ version, hash }) => `${version} (${hash.slice(0, 8)})`);
    throw new HostError("ROLLBACK_UNKNOWN", { plugin, wanted: to, kept });
  }

  async #read(path: string): Promise<FoundBuild> {
    try {
      return { bytes: await readPluginFile(path), sidecars: await readSidecars(path) };
    } catch (error) {
      if (HostError.is(error)) throw error;
      const details = { plugin: this.#plugin, file: path, reason: messageOf(error) };
      throw new HostError("FILE_UNREADABLE", details, { cause: error });
    }
  }
}

function foundBuild({ component, sidecars }: ServingBuild): FoundBuild {
  return { bytes: component.bytes, sidecars };
}

function hashOf({ bytes }: FoundBuild): string {
  return createHash("sha256").update(bytes).digest("hex");
}
