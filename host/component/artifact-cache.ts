import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { HostError } from "../core/error.ts";
import { pack, unpack } from "msgpackr";
import type { TranspiledComponent } from "./transpile.ts";

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

  /**
   * Opens a folder, which is made if it does not exist.
   *
   * @throws HostError CACHE_UNSAFE when others could write to it
   */
  static async open(folder: string): Promise<ArtifactCache> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = await stat(folder);
    const own = userInfo().uid; // -1 on Windows, where folders have no mode
    if (own >= 0 && uid !== own)
      throw new HostError("CACHE_UNSAFE", { folder, reason: "belongs to another user" });
    if (own >= 0 && (mode & 0o022) !== 0) {
      throw new HostError("CACHE_UNSAFE", { folder, reason: "can be written to by others" });
    }
    if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
    return new ArtifactCache(folder);
  }

  async get(key: string): Promise<TranspiledComponent | undefined> {
    const file = await readFile(this.#path(key)).catch(() => undefined);
    if (!file) return undefined;
    const contents = file.subarray(0, -DIGEST_BYTES);
    if (!digest(contents).equals(file.subarray(-DIGEST_BYTES))) return undefined;
    const { source, modules } = unpack(contents) as { source: string; modules: [string, Uint8Array][] };
    // The modules are copied out of the file's buffer, which would otherwise be kept whole.
    return { source, modules: new Map(modules.map(([name, bytes]) => [name, new Uint8Array(bytes)])) };
  }

  async set(key: string, { source, modules }: TranspiledComponent): Promise<void> {
    const contents = pack({ source, modules: [...modules] });
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
