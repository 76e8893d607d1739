import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import { jsonText } from "../json-text.ts";
import { parseExactJson } from "./json-numbers.ts";
import { type ArrayText, formatArray, parseArray } from "./postgres-arrays.ts";

// How values pass is written down in docs/databases.md.

type Decode = (text: string) => JsonValue;

const JSON_TYPES = new Set([114, 3802]);
const JSON_ARRAYS = new Set([199, 3807]);
const TEXT_TYPES = new Set([25, 1042, 1043, 705]);
const BYTEA = 17;
const BYTEA_ARRAY = 1001;

const text: Decode = (written) => written;

/** By type: its OID and that of its arrays. @see https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const TYPES: readonly (readonly [oid: number, array: number, decode: Decode])[] = [
  [16, 1000, (written) => written === "t"],
  [BYTEA, BYTEA_ARRAY, bytes],
  [18, 1002, text],
  [19, 1003, text],
  [20, 1016, integer],
  [21, 1005, integer],
  [23, 1007, integer],
  [25, 1009, text],
  [26, 1028, integer],
  [114, 199, parseExactJson],
  [142, 143, text],
  [650, 651, text],
  [700, 1021, float],
  [701, 1022, float],
  [790, 791, text],
  [829, 1040, text],
  [869, 1041, text],
  [1042, 1014, text],
  [1043, 1015, text],
  [1082, 1182, text],
  [1083, 1183, text],
  [1114, 1115, moment],
  [1184, 1185, moment],
  [1186, 1187, text],
  [1266, 1270, text],
  [1560, 1561, text],
  [1562, 1563, text],
  [1700, 1231, text],
  [2278, 0, () => null],
  [2950, 2951, text],
  [3614, 3643, text],
  [3802, 3807, parseExactJson],
  [3904, 3905, text],
  [3906, 3907, text],
  [3908, 3909, text],
  [3910, 3911, text],
  [3912, 3913, text],
  [3926, 3927, text],
];

const DECODERS = new Map<number, Decode>(
  TYPES.flatMap(([oid, array, decode]) => [
    [oid, decode],
    [array, (written: string) => fromArray(parseArray(written), decode)],
  ]),
);

/** A value of a row, which PostgreSQL wrote as text. */
export function fromPostgres(written: string, oid: number): JsonValue {
  return (DECODERS.get(oid) ?? text)(written);
}

/** Whether the form of a parameter depends on the type that the statement gives it. */
export function needsType(value: JsonValue): boolean {
  return typeof value === "object" && value !== null;
}

/**
 * A parameter as PostgreSQL reads it: text, or bytes in their own form.
 *
 * @param oid What the statement takes here; needed only where `needsType` says so.
 * @throws ServiceError `invalid-input` for bytes where no bytes belong.
 */
export function toPostgres(value: JsonValue, oid: number): string | Buffer | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) {
    if (oid !== BYTEA) throw misplacedBytes();
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  if (typeof value === "object") {
    const isArray = Array.isArray(value) && !JSON_TYPES.has(oid) && !TEXT_TYPES.has(oid);
    return isArray ? formatArray(toArray(value as readonly JsonValue[], oid)) : jsonText(value, refuseBytes);
  }
  return scalar(value);
}

function toArray(values: readonly JsonValue[], oid: number): ArrayText {
  return values.map((value) => {
    if (value === null) return undefined;
    if (value instanceof Uint8Array) {
      if (oid !== BYTEA_ARRAY) throw misplacedBytes();
      return `\\x${Buffer.from(value).toString("hex")}`;
    }
    if (JSON_ARRAYS.has(oid)) return jsonText(value, refuseBytes);
    if (Array.isArray(value)) return toArray(value as readonly JsonValue[], oid);
    return typeof value === "object" ? jsonText(value, refuseBytes) : scalar(value);
  });
}

function scalar(value: string | number | bigint | boolean): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function fromArray(array: ArrayText, decode: Decode): JsonValue {
  return array.map((element) => {
    if (element === undefined) return null;
    return typeof element === "string" ? decode(element) : fromArray(element, decode);
  });
}

function integer(written: string): JsonValue {
  const number = Number(written);
  return Number.isSafeInteger(number) ? number : BigInt(written);
}

function float(written: string): JsonValue {
  const number = Number(written);
  return Number.isFinite(number) ? number : written;
}

function bytes(written: string): JsonValue {
  return new Uint8Array(Buffer.from(written.slice(2), "hex"));
}

/** As RFC 3339 has it. What that cannot say, "infinity" and years before Christ, stays as it is. */
function moment(written: string): JsonValue {
  return written.replace(
    /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?$/,
    (_, day, time, utc?: string) => `${String(day)}T${String(time)}${utc === undefined ? "" : "Z"}`,
  );
}

function misplacedBytes(): ServiceError {
  return new ServiceError(
    "invalid-input",
    "Bytes were given for a parameter that is not bytea. Cast it: $1::bytea.",
  );
}

function refuseBytes(): never {
  throw new ServiceError(
    "invalid-input",
    "Bytes inside an array or object have no form in PostgreSQL. Pass them alone.",
  );
}
