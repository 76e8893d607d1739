import type { JsonValue } from "../../marshal/json.ts";

/** Rows as objects by column name. Of columns with the same name the last one counts. */
export function rowObjects(
  columns: readonly string[],
  rows: readonly (readonly JsonValue[])[],
): readonly JsonValue[] {
  return rows.map((row) => {
    const object: Record<string, JsonValue> = {};
    for (const [i, column] of columns.entries()) set(object, column, row[i] ?? null);
    return object;
  });
}

function set(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
