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
  return plugins.some((pattern) => fits(plugin, pattern));
}

/** Whether a name is what a pattern says, in which "*" stands for any characters. Takes no longer with more of them. */
function fits(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from + last.length <= name.length;
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
