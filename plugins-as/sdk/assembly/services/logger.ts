import { logger_log } from "../abi/imports";
import { JsonValue } from "../json/json-value";
import { encodeUtf8 } from "../utf8";
import { LogLevel } from "./log-level";

/**
 * A service: the host's log. Always granted, and limited in rate.
 *
 * `fields` is a JSON object that is kept beside the message.
 */
export namespace logger {
  export function trace(message: string, fields: JsonValue | null = null): void {
    log(LogLevel.Trace, message, fields);
  }

  export function debug(message: string, fields: JsonValue | null = null): void {
    log(LogLevel.Debug, message, fields);
  }

  export function info(message: string, fields: JsonValue | null = null): void {
    log(LogLevel.Info, message, fields);
  }

  export function warn(message: string, fields: JsonValue | null = null): void {
    log(LogLevel.Warn, message, fields);
  }

  export function error(message: string, fields: JsonValue | null = null): void {
    log(LogLevel.Error, message, fields);
  }

  export function log(level: LogLevel, message: string, fields: JsonValue | null = null): void {
    const text = encodeUtf8(message);
    const textAt = changetype<usize>(text);
    if (!fields) return logger_log(level, textAt, text.byteLength, false, 0, 0);
    const bytes = fields.encode();
    logger_log(level, textAt, text.byteLength, true, bytes.dataStart, bytes.length);
  }
}
