import type { JsonValue } from "../../marshal/json.ts";
import type { LogLevel } from "../contract/services.ts";
import type { WasiHooks } from "../wasi.ts";

/** What a plain core module may do to the host beside what services do. */
export interface ModuleHooks extends WasiHooks {
  log(level: LogLevel, message: string, fields?: JsonValue): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** The plugin passed something that cannot be answered. What this returns is thrown into it. */
  misused(functionName: string, reason: string): Error;
}
