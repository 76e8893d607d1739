import { config_all, config_get } from "../abi/imports";
import { takeJson } from "../abi/lift";
import { AREA } from "../abi/memory";
import { JsonValue } from "../json/json-value";
import { Result } from "../result";
import { encodeUtf8 } from "../utf8";

/** A service: the plugin's settings, as they stand now. Always granted. */
export namespace config {
  /** The value at a path of keys joined by dots ("server.port"), or null. */
  export function get(key: string): JsonValue {
    const path = encodeUtf8(key);
    config_get(path, path.byteLength, AREA);
    if (!load<bool>(AREA)) return JsonValue.null();
    return takeJson(load<usize>(AREA, 4), load<usize>(AREA, 8)).value;
  }

  /**
   * All of it as a class that is `@json`; `invalid-input` says which setting is wrong:
   *
   * ```ts
   * const settings = config.decode<Settings>();
   * if (settings.isErr) return settings.error;
   * ```
   */
  export function decode<T>(): Result<T> {
    config_all(AREA);
    return takeJson<T>(load<usize>(AREA), load<usize>(AREA, 4));
  }

  /** All of it: an object. */
  export function all(): JsonValue {
    config_all(AREA);
    return takeJson(load<usize>(AREA), load<usize>(AREA, 4)).value;
  }
}
