import { compactJson } from "../marshal/json-text.ts";
import type { JsonValue } from "../marshal/json.ts";
import type { ConfigService } from "./contract/services.ts";

/**
 * `wasi:config/store`: the plugin's settings, a text as it is and anything else as JSON.
 *
 * @see https://github.com/WebAssembly/wasi-config/blob/v0.2.0-rc.1/wit/store.wit
 */
export function createConfigStore(config: ConfigService): object {
  return {
    get(key: string): string | undefined {
      const value = config.get(key);
      return value === undefined ? undefined : textOf(value);
    },
    getAll: () => Object.entries(config.all() ?? {}).map(([key, value]) => [key, textOf(value as JsonValue)]),
  };
}

function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : compactJson(value);
}
