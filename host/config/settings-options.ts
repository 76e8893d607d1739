import type { Clock } from "../core/clock.ts";
import type { JsonValue } from "./json-value.ts";

/** What settings may see of the world. Whatever is left out, they cannot see. */
export interface SettingsOptions extends OperatorGrants {
  /** For `@env`; empty by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** For `@date` and `@cache`; the system's by default. */
  readonly clock?: Clock | undefined;
  /**
   * Where relative paths start, and the one folder whose files settings may read. That of the file for
   * `loadSettings`; without one, relative paths stay as they are and no file is read.
   */
  readonly baseFolder?: string | undefined;
  /** The folder of plugins, in place of what is written: for an argument of a command. */
  readonly folder?: string | undefined;
}

/** What operators do outside. Those that are not given are refused; a log line that nobody takes is dropped. */
export interface OperatorGrants {
  /** For `@query(sql, …params)`. */
  readonly query?: ((sql: string, params: readonly JsonValue[]) => Promise<JsonValue>) | undefined;
  /** For `@http(method, url, body)`. */
  readonly http?:
    ((method: string, url: string, body: JsonValue | undefined) => Promise<JsonValue>) | undefined;
  /** For `@memory.get_usage()`: bytes. */
  readonly memoryUsage?: (() => number) | undefined;
  /** For `@log.info(message)` and the other levels. */
  readonly log?: ((level: LogLevel, message: string) => void) | undefined;
  /** For `@cache(ttl, value)`: to keep from one load of settings to the next. A new one for each by default. */
  readonly cache?: Map<string, CachedValue> | undefined;
}

/** How grave a log line is, mildest first. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** How grave a log line is. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What `@cache` keeps. */
export interface CachedValue {
  readonly value: JsonValue;
  /** The texts in it that must not be shown. */
  readonly secrets: readonly string[];
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly expiresAt: number;
}
