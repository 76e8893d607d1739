import { createHash, randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { chmod, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { quote } from "../core/error-codes.ts";
import { HostError } from "../core/error.ts";
import { pack, unpack } from "msgpackr";
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

  /**
   * Opens a folder, which is made if it does not exist.
   *
   * @throws HostError CACHE_UNSAFE when others could write to it, or put another one in its place
   */
  static async open(folder: string): Promise<ArtifactCache> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const real = await realpath(folder);
    const { uid: own, gid } = userInfo();
    // Windows has neither owners nor modes here.
    if (own < 0) return new ArtifactCache(real);
    const { mode, uid } = await stat(real);
    if (uid !== own) throw new HostError("CACHE_UNSAFE", { folder, reason: "belongs to another user" });
    if ((mode & 0o022) !== 0) {
      throw new HostError("CACHE_UNSAFE", { folder, reason: "can be written to by others" });
    }
    for (const parent of foldersAbove(real)) {
      const state = await statIfPermitted(parent);
      if (!state || !isReplaceable(state, own, gid)) continue;
      const reason = `is in ${quote(parent)}, where others could put another one in its place`;
      throw new HostError("CACHE_UNSAFE", { folder, reason });
    }
    if ((mode & 0o077) !== 0) await chmod(real, 0o700);
    return new ArtifactCache(real);
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

function* foldersAbove(path: string): Generator<string> {
  for (let at = path; dirname(at) !== at;) yield (at = dirname(at));
}

/** Under Node's permission model the folders above cannot be looked at: whoever gave the permissions has. */
async function statIfPermitted(folder: string): Promise<Stats | undefined> {
  try {
    return await stat(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_ACCESS_DENIED") return undefined;
    throw error;
  }
}

/**
 * Whether others may rename what is in a folder. Not where it is sticky, as the folders for temporary files are;
 * and a group that is the user's own is often nobody else's.
 */
function isReplaceable({ mode, uid, gid }: Stats, ownUid: number, ownGid: number): boolean {
  if (uid !== ownUid && uid !== 0) return true;
  if ((mode & 0o1000) !== 0) return false;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== ownGid && gid !== 0);
}
