import { resultOfBool, resultOfNothing, resultOfOptionalJson } from "../abi/import-result";
import { cache_delete, cache_get, cache_set } from "../abi/imports";
import { AREA } from "../abi/memory";
import { JsonValue } from "../json/json-value";
import { encode } from "../json/typed/codec";
import { PluginError } from "../plugin-error";
import { Result } from "../result";
import { encodeUtf8 } from "../utf8";

/**
 * A service: values kept for a while. The permission `cache`.
 *
 * A value may vanish at any time before it expires.
 */
export namespace cache {
  /** A time to live that lasts until room is needed. */
  export const FOREVER: u64 = u64.MAX_VALUE;

  /** The value of a key, or what `get<T>` asks for; null if there is none. */
  export function get<T = JsonValue>(key: string): Result<T | null> {
    const name = encodeUtf8(key);
    cache_get(name, name.byteLength, AREA);
    return resultOfOptionalJson<T>();
  }

  /** Keeps a `JsonValue`, or whatever else `encode` writes. */
  export function set<T>(key: string, value: T, ttlMs: u64 = FOREVER): PluginError | null {
    const name = encodeUtf8(key);
    const bytes = encode<T>(value).buffer;
    cache_set(name, name.byteLength, bytes, bytes.byteLength, ttlMs != FOREVER, ttlMs, AREA);
    return resultOfNothing();
  }

  /** Takes a key's value away. Returns whether there was one. */
  export function remove(key: string): Result<bool> {
    const name = encodeUtf8(key);
    cache_delete(name, name.byteLength, AREA);
    return resultOfBool();
  }
}
