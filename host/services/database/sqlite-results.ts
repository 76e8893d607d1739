import type { JsonValue } from "../../marshal/json.ts";
import type { SqliteAnswer } from "./sqlite-message.ts";

/** The rows as objects by column name. Of columns with the same name the last one counts. */
export function rowsOf(answer: SqliteAnswer): JsonValue {
  if (answer.type !== "rows") throw unexpected(answer);
  const { columns, rows } = answer;
  return rows.map((row) => {
    const object: Record<string, JsonValue> = {};
    for (const [i, column] of columns.entries()) set(object, column, row[i] ?? null);
    return object;
  });
}

/** How many rows changed. */
export function changedOf(answer: SqliteAnswer): number {
  if (answer.type !== "changed") throw unexpected(answer);
  return answer.count;
}

function set(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function unexpected(answer: SqliteAnswer): Error {
  return new Error(`The database process gave an answer of the type ${answer.type}.`);
}
