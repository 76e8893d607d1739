import { JsonValue } from "../json/json-value";
import { logger } from "../services/logger";

/** What takes the place of AssemblyScript's own `trace`: a line of the level trace, with the numbers beside it. */
export function trace(
  message: string,
  count: i32 = 0,
  a0: f64 = 0,
  a1: f64 = 0,
  a2: f64 = 0,
  a3: f64 = 0,
  a4: f64 = 0,
): void {
  const numbers = [a0, a1, a2, a3, a4].slice(0, count);
  logger.trace(message, count > 0 ? JsonValue.object().set("values", numbers) : null);
}
