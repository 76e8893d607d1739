import { createHash, randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pack, unpack } from "msgpackr";
import { claimCacheFolder } from "./cache-folder.ts";
import type { TranspiledComponent } from "./transpile.ts";

/** What stands in a file. */
interface Packed {
  readonly source: string | null;
  readonly component: Uint8Array | null;
  readonly modules: readonly (readonly [string, Uint8Array])[];
}

/**
 * Keeps transpiled components on disk, so that a plugin that was seen before loads in milliseconds.
 *
 * What is kept here is run by the host, so the folder must belong to the user and nobody else may write to
 * it. A file that is damaged, cut short by a crash, or cannot be read counts as missing.
 */
export class ArtifactCache {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws HostError CACHE_UNSAFE when others could write to it, or put another one in its place */
  static async open(folder: string): Promise<ArtifactCache> {
    return new ArtifactCache(await claimCacheFolder(folder));
  }

  async get(key: string): Promise<TranspiledComponent | undefined> {
    const file = await readFile(this.#path(key)).catch(() => undefined);
    if (!file) return undefined;
    const contents = file.subarray(0, -DIGEST_BYTES);
    if (!digest(contents).equals(file.subarray(-DIGEST_BYTES))) return undefined;
    const { source, component, modules } = unpack(contents) as Packed;
    // The modules are copied out of the file's buffer, which would otherwise be kept whole.
    return {
      source: source ?? undefined,
      component: component ? new Uint8Array(component) : undefined,
      modules: new Map(modules.map(([name, bytes]) => [name, new Uint8Array(bytes)])),
    };
  }

  async set(key: string, { source, component, modules }: TranspiledComponent): Promise<void> {
    const packed: Packed = { source: source ?? null, component: component ?? null, modules: [...modules] };
    const contents = pack(packed);
    const temporary = join(this.#folder, `${randomUUID()}.tmp`);
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(Buffer.concat([contents, digest(contents)]));
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path(key));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.component`);
  }
}

const DIGEST_BYTES = 32;

function digest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
