import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

/** A folder that is there for as long as the test or suite in which it is made. */
export interface TemporaryFolder {
  readonly path: string;
  /** Writes a file, as careful tools do: beside it first, and then in its place. Returns its path. */
  write(name: string, contents: string | Uint8Array): Promise<string>;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "tusk-host-"));
  after(() => rmSync(path, { recursive: true, force: true }));
  let written = 0;
  return {
    path,
    async write(name, contents) {
      const file = join(path, name);
      const temporary = `${file}.${++written}.tmp`;
      await mkdir(dirname(file), { recursive: true });
      await writeFile(temporary, contents);
      await rename(temporary, file);
      return file;
    },
  };
}
