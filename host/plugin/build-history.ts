import { createHash } from "node:crypto";
import type { InspectedComponent } from "../component/loader.ts";
import type { PluginSettings } from "../config/settings.ts";
import { HostError, messageOf } from "../core/error.ts";
import { readSidecars, type Sidecars } from "../security/trust/find-signers.ts";
import { verifyName } from "./default-settings.ts";
import { readPluginFile } from "./read-plugin-file.ts";
import type { SwapCause } from "./events.ts";

/** A build, wherever it was found, with the signatures that stood beside it. */
export interface FoundBuild {
  readonly bytes: Uint8Array;
  readonly sidecars: Sidecars;
}

/** A build that has served. */
interface KeptBuild {
  readonly component: InspectedComponent;
  readonly sidecars: Sidecars;
  /** What it said of itself. */
  readonly version: string;
}

/**
 * Where the builds of a plugin come from: its file, or what is kept of those that have served. Kept are at most
 * two, in memory: the one that was taken last, and the one before it.
 */
export class BuildHistory {
  readonly #plugin: string;
  #current: KeptBuild | undefined;
  #previous: KeptBuild | undefined;
  #passedOver: string | undefined;

  constructor(plugin: string) {
    this.#plugin = plugin;
  }

  /** What a rollback would bring back. */
  get previous(): KeptBuild | undefined {
    return this.#previous;
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
    const found = await this.#read(settings.path);
    if (cause === "change" && this.#passedOver !== undefined) {
      if (hashOf(found) === this.#passedOver && this.#current) return foundBuild(this.#current);
      this.#passedOver = undefined;
    }
    return found;
  }

  /** A build serves now. The same one with other settings, or other signatures, is no other build. */
  took(build: KeptBuild): void {
    const { hash } = build.component;
    const isAnother = hash !== this.#current?.component.hash;
    if (isAnother) this.#previous = this.#current;
    this.#current = build;
    if (isAnother || hash === this.#passedOver) this.#passedOver = undefined;
  }

  /**
   * Brings back the build before this one, by way of `swap`. What the file held when it began is passed over from
   * then on, until it holds something else.
   *
   * @throws HostError ROLLBACK_IMPOSSIBLE, or what `swap` throws
   */
  async rollBack({ path }: PluginSettings, swap: (build: FoundBuild) => Promise<unknown>) {
    const previous = this.#previous;
    if (!previous) throw new HostError("ROLLBACK_IMPOSSIBLE", { plugin: this.#plugin });
    // What cannot be read now is something else once it can be.
    const inFile = await this.#read(path).then(hashOf, () => undefined);
    await swap(foundBuild(previous));
    if (inFile !== previous.component.hash) this.#passedOver = inFile;
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

function foundBuild({ component, sidecars }: KeptBuild): FoundBuild {
  return { bytes: component.bytes, sidecars };
}

function hashOf({ bytes }: FoundBuild): string {
  return createHash("sha256").update(bytes).digest("hex");
}
