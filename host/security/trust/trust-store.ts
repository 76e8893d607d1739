import { readFile } from "node:fs/promises";
import { HostError, messageOf } from "../../core/error.ts";
import type { TrustedKey, TrustSettings } from "../../config/settings.ts";
import { parsePublicKey } from "../signature/parse-public-key.ts";
import type { PublicKey } from "../signature/public-key.ts";

/** A key of the settings, ready for use. */
export interface StoredKey {
  /** As the settings call it. */
  readonly name: string;
  readonly publicKey: PublicKey;
  /** Patterns of the names of plugins that it may sign. */
  readonly plugins: readonly string[];
}

/**
 * The keys of the settings, read from where they are.
 *
 * @throws HostError KEY_UNREADABLE
 */
export function loadTrustStore({ keys }: TrustSettings): Promise<StoredKey[]> {
  return Promise.all(
    Object.entries(keys).map(async ([name, trusted]) => ({
      name,
      publicKey: await readKey(name, trusted),
      plugins: trusted.plugins,
    })),
  );
}

/** Whether a key may sign a plugin of this name. */
export function maySign({ plugins }: Pick<StoredKey, "plugins">, plugin: string): boolean {
  return plugins.some((pattern) =>
    new RegExp(`^${pattern.replace(/[^\w*-]/g, "").replaceAll("*", ".*")}$`, "s").test(plugin),
  );
}

async function readKey(name: string, { key, file }: TrustedKey): Promise<PublicKey> {
  if (file === undefined) return parsePublicKey(key ?? "", name);
  try {
    return parsePublicKey(await readFile(file), file);
  } catch (cause) {
    if (HostError.is(cause)) throw cause;
    throw new HostError("KEY_UNREADABLE", { file, kind: "public", reason: messageOf(cause) }, { cause });
  }
}
