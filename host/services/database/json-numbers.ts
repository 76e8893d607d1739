import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";

// The values of the contract may be nested 128 deep, and rows take two of that.
const MAX_DEPTH = 126;

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

// TypeScript does not know of the source yet; every Node that runs this has it.
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Reads JSON text without losing a digit: integers that a number cannot hold come out as `bigint`.
 *
 * @throws ServiceError `unsupported` for a number that neither can hold, and for what is nested too deep.
 */
export function parseExactJson(text: string): JsonValue {
  const value = parse(text, (_key, member, { source }) =>
    typeof member === "number" && source !== undefined ? exactNumber(member, source) : member,
  ) as JsonValue;
  if (isDeeper(value, MAX_DEPTH)) throw unfit(`is nested deeper than ${MAX_DEPTH}`);
  return value;
}

function exactNumber(number: number, source: string): number | bigint {
  if (Number.isSafeInteger(number) || sameDecimal(String(number), source)) return number;
  const integer = /^-?\d+$/.test(source) ? BigInt(source) : undefined;
  if (
    integer !== undefined &&
    (BigInt.asIntN(64, integer) === integer || BigInt.asUintN(64, integer) === integer)
  ) {
    return integer;
  }
  throw unfit("holds a number with more digits than a JSON value of the contract can have");
}

/** Whether two decimal numerals mean the same number. */
function sameDecimal(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

/** "-12.50e3" as "-125e2": the digits without zeros at either end, and the exponent of the last one. */
function canonical(numeral: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(numeral) ?? [];
  const all = whole + fraction;
  const digits = all.replace(/0+$/, "");
  const significant = digits.replace(/^0+/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + (all.length - digits.length)}`;
}

function isDeeper(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  return depth === 0 || Object.values(value).some((member: JsonValue) => isDeeper(member, depth - 1));
}

function unfit(what: string): ServiceError {
  return new ServiceError("unsupported", `A row has a JSON value that ${what}. Select it as text.`);
}
