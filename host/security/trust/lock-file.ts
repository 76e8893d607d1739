import { readFile } from "node:fs/promises";
import { z } from "zod";
import { HostError, messageOf } from "../../core/error.ts";
import { writeAtomically } from "../../core/write-atomically.ts";

/** The one build of each plugin that is to be loaded, by the name of the plugin. */
export type LockedBuilds = Readonly<Record<string, LockedBuild>>;

export interface LockedBuild {
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

const LOCK = z.strictObject({
  lockVersion: z.literal(1),
  plugins: z.record(
    z.string(),
    z.strictObject({ sha256: z.string().regex(/^[\da-f]{64}$/), sizeBytes: z.number().int().min(0) }),
  ),
});

/**
 * What a lock file says.
 *
 * @throws HostError LOCK_UNREADABLE, also when there is none: whoever takes it away may not unlock anything
 */
export async function readLockFile(file: string): Promise<LockedBuilds> {
  try {
    return LOCK.parse(JSON.parse(await readFile(file, "utf8"))).plugins;
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? "it is no lock file of this version" : messageOf(cause);
    throw new HostError("LOCK_UNREADABLE", { file, reason }, { cause });
  }
}

/** Writes a lock file, plugins in the order of their names, so that two of them can be compared. */
export async function writeLockFile(file: string, builds: LockedBuilds): Promise<void> {
  const plugins = Object.fromEntries(Object.entries(builds).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await writeAtomically(file, `${JSON.stringify({ lockVersion: 1, plugins }, null, 2)}\n`);
}
