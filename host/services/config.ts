import type { ConfigService } from "../component/contract/services.ts";
import type { JsonValue } from "../marshal/json.ts";

/** The service `config` over a plugin's settings, which nobody changes any more. Elements of arrays are reached by index. */
export function createConfigService(config: JsonValue): ConfigService {
  return {
    get: (key) => key.split(".").reduce<JsonValue | undefined>(member, config),
    all: () => config,
  };
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  if (Array.isArray(value))
    return /^(0|[1-9]\d*)$/.test(key) ? (value[Number(key)] as JsonValue | undefined) : undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, JsonValue>>)[key] : undefined;
}
