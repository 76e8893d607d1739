import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is there for as long as a benchmark runs. */
export interface BenchFolder {
  readonly path: string;
  /** Writes a file, and returns its path. */
  write(name: string, contents: Uint8Array): Promise<string>;
}

export async function withFolder(use: (folder: BenchFolder) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "tusk-bench-"));
  try {
    await use({
      path,
      async write(name, contents) {
        const file = join(path, name);
        await writeFile(file, contents);
        return file;
      },
    });
  } finally {
    await rm(path, { recursive: true });
  }
}
