import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import { jsonText } from "../json-text.ts";

// How values pass is written down in docs/databases.md.

/** @throws ServiceError `invalid-input` for what SQLite cannot hold: an integer above 2^63-1, bytes in an object. */
export function toSqlite(value: JsonValue): SQLInputValue {
  switch (typeof value) {
    case "boolean":
      return value ? 1n : 0n;
    case "number":
      // A number would be bound as REAL, and 1 put into a column of TEXT would be "1.0".
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
    case "bigint":
      if (BigInt.asIntN(64, value) === value) return value;
      throw new ServiceError("invalid-input", `${value} is more than SQLite's 64 bits with a sign can hold.`);
    case "string":
      return value;
    default:
      return value === null || value instanceof Uint8Array ? value : jsonText(value, refuseBytes);
  }
}

/** @throws ServiceError `unsupported` for an infinity, which JSON does not have. */
export function fromSqlite(value: SQLOutputValue): JsonValue {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new ServiceError(
      "unsupported",
      "A row holds an infinity, which JSON does not have. Select it as text.",
    );
  }
  return value;
}

function refuseBytes(): never {
  throw new ServiceError(
    "invalid-input",
    "Bytes inside an array or object have no form in SQLite. Pass them alone.",
  );
}
