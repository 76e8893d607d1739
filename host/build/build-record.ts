import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../core/write-atomically.ts";

/** What a build was made from, kept beside the sources, so that the same is not built again. */
interface BuildRecord {
  /** Stands for everything that is no file: options, versions. */
  readonly key: string;
  /** By absolute path the SHA-256 of every file that was read, or null where one was looked for in vain. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** The SHA-256 of the component. */
  readonly output: string;
  readonly coreSizeBytes: number;
}

// One for each place where the plugin is built to.
function recordFile(folder: string, outFile: string): string {
  return join(folder, ".tusk", `build-${sha256(outFile).slice(0, 16)}.json`);
}

/** The last build's record, if building with `key` now would give the same component and `outFile` still holds it. */
export async function readFreshRecord(
  folder: string,
  key: string,
  outFile: string,
): Promise<BuildRecord | undefined> {
  const text = await readFile(recordFile(folder, outFile), "utf8").catch(() => "null");
  const record = parseRecord(text);
  if (record?.key !== key || (await hashOf(outFile)) !== record.output) return undefined;
  const files = Object.entries(record.inputs);
  const same = await Promise.all(files.map(async ([file, hash]) => (await hashOf(file)) === hash));
  return same.every(Boolean) ? record : undefined;
}

export async function writeRecord(folder: string, outFile: string, record: BuildRecord): Promise<void> {
  await writeAtomically(recordFile(folder, outFile), JSON.stringify(record));
}

export function sha256(contents: Uint8Array | string): string {
  return createHash("sha256").update(contents).digest("hex");
}

async function hashOf(file: string): Promise<string | null> {
  return readFile(file).then(sha256, () => null);
}

// The file is our own, but a crash or a person may have left anything in it: then there is no record.
function parseRecord(text: string): BuildRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<BuildRecord> | null;
    return record?.inputs && record.key !== undefined && record.output !== undefined
      ? (record as BuildRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
