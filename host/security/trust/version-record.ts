import { readFile } from "node:fs/promises";
import { z } from "zod";
import { HostError, messageOf } from "../../core/error.ts";
import { writeAtomically } from "../../core/write-atomically.ts";

const RECORD = z.strictObject({ recordVersion: z.literal(1), plugins: z.record(z.string(), z.string()) });

/** Which version of each plugin was trusted last: in a file, or in memory where there is none. */
export class VersionRecord {
  readonly #file: string | undefined;
  #versions: Readonly<Record<string, string>> = {};
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** @throws HostError TRUST_RECORD when the file is there and cannot be used */
  async versionOf(plugin: string): Promise<string | undefined> {
    const versions = await this.#read();
    return Object.hasOwn(versions, plugin) ? versions[plugin] : undefined;
  }

  /** @throws HostError TRUST_RECORD when it cannot be written */
  async set(plugin: string, version: string): Promise<void> {
    const write = this.#lastWrite.then(() => this.#write(plugin, version));
    this.#lastWrite = write.catch(() => undefined);
    await write;
  }

  async #write(plugin: string, version: string): Promise<void> {
    const versions = await this.#read();
    if (Object.hasOwn(versions, plugin) && versions[plugin] === version) return;
    this.#versions = { ...versions, [plugin]: version };
    if (this.#file === undefined) return;
    const contents = { recordVersion: 1, plugins: this.#versions };
    try {
      await writeAtomically(this.#file, `${JSON.stringify(contents, null, 2)}\n`);
    } catch (cause) {
      throw unusable(this.#file, messageOf(cause), cause);
    }
  }

  async #read(): Promise<Readonly<Record<string, string>>> {
    if (this.#file === undefined) return this.#versions;
    try {
      return RECORD.parse(JSON.parse(await readFile(this.#file, "utf8"))).plugins;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
      const reason = cause instanceof z.ZodError ? "it is no record of this version" : messageOf(cause);
      throw unusable(this.#file, reason, cause);
    }
  }
}

function unusable(file: string, reason: string, cause: unknown): HostError {
  return new HostError("TRUST_RECORD", { file, reason }, { cause });
}
