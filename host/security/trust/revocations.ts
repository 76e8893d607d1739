import { readFile } from "node:fs/promises";
import { z } from "zod";
import { HostError, messageOf } from "../../core/error.ts";
import type { RevokedSettings } from "../../config/settings.ts";
import { parsePublicKey } from "../signature/parse-public-key.ts";
import type { PublicKey } from "../signature/public-key.ts";

const FILE = z.strictObject({
  revocationVersion: z.literal(1),
  keys: z.array(z.string()),
  builds: z.array(z.string().regex(/^[\da-fA-F]{64}$/)),
});

/** What is refused, whoever has signed it. */
export interface Revoked {
  readonly keys: readonly PublicKey[];
  /** SHA-256 in lower-case hexadecimal. */
  readonly builds: ReadonlySet<string>;
}

/** What was revoked: in the settings, and in a file that is read each time that somebody asks. */
export class Revocations {
  readonly #own: Revoked;
  readonly #file: string | undefined;

  /** @throws HostError KEY_UNREADABLE */
  constructor({ keys, builds, file }: RevokedSettings) {
    this.#own = {
      keys: keys.map((key) => parsePublicKey(key, "trust.revoked.keys")),
      builds: new Set(builds),
    };
    this.#file = file;
  }

  /**
   * What was revoked by now.
   *
   * @throws HostError REVOCATIONS_UNREADABLE, also when there is no file: whoever takes it away takes nothing back
   */
  async read(): Promise<Revoked> {
    const file = this.#file;
    if (file === undefined) return this.#own;
    try {
      const { keys, builds } = FILE.parse(JSON.parse(await readFile(file, "utf8")));
      return {
        keys: [...this.#own.keys, ...keys.map((key) => parsePublicKey(key, file))],
        builds: new Set([...this.#own.builds, ...builds.map((hash) => hash.toLowerCase())]),
      };
    } catch (cause) {
      const reason =
        cause instanceof z.ZodError ? "it is no list of revocations of this version" : messageOf(cause);
      throw new HostError("REVOCATIONS_UNREADABLE", { file, reason }, { cause });
    }
  }
}

/** Whether a key is among those. */
export function isAmong(keys: readonly PublicKey[], { kind, bytes }: PublicKey): boolean {
  return keys.some((key) => key.kind === kind && Buffer.from(key.bytes).equals(bytes));
}
