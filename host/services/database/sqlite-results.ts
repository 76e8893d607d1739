import type { JsonValue } from "../../marshal/json.ts";
import { rowObjects } from "./row-objects.ts";
import type { SqliteAnswer } from "./sqlite-message.ts";

/** The rows as objects by column name. */
export function rowsOf(answer: SqliteAnswer): JsonValue {
  if (answer.type !== "rows") throw unexpected(answer);
  return rowObjects(answer.columns, answer.rows);
}

/** How many rows changed. */
export function changedOf(answer: SqliteAnswer): number {
  if (answer.type !== "changed") throw unexpected(answer);
  return answer.count;
}

function unexpected(answer: SqliteAnswer): Error {
  return new Error(`The database process gave an answer of the type ${answer.type}.`);
}
