import type { LoggerService, LogLevel } from "./contract/services.ts";

/**
 * `wasi:logging/logging`: the host's log, where nothing is graver than an error.
 *
 * @see https://github.com/WebAssembly/wasi-logging/blob/main/wit/logging.wit
 */
export function createLogging(logger: LoggerService): object {
  return {
    log(level: LogLevel | "critical", context: string, message: string): void {
      const fields = context === "" ? undefined : { context };
      logger.log(level === "critical" ? "error" : level, message, fields);
    },
  };
}
