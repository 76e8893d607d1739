import { Packr } from "msgpackr";
import { HostError } from "../core/error.ts";
import { decodeMessagePack } from "./decode-message-pack.ts";
import { placed } from "./placed.ts";

/**
 * What a plugin and its host exchange as JSON: JSON's own values, and beside them `bigint` for integers that
 * a `number` cannot hold exactly (64 bits at most) and `Uint8Array` for bytes.
 */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Deeper nesting is refused, in both directions. */
export const MAX_JSON_DEPTH = 128;

/**
 * More values at once are refused of a plugin: a byte may be a whole object, and what is built of a hundred
 * megabytes of them would hold up the host for half a minute.
 */
const MAX_JSON_VALUES = 1_000_000;

const packr = new Packr({ useRecords: false, variableMapSize: true, useToJSON: false });

/**
 * JSON as MessagePack, the form in which it crosses to a plugin.
 *
 * As with `JSON.stringify`, members that are `undefined` are left out and objects with a `toJSON` (a `Date`)
 * are asked for it. Lone surrogates become U+FFFD.
 *
 * @throws HostError VALUE_INVALID when something in `value` has no JSON form: NaN, an infinity, a function, a
 * `bigint` of over 64 bits, a value nested deeper than `MAX_JSON_DEPTH`.
 */
export function encodeJson(value: unknown): Uint8Array {
  try {
    return packr.pack(toPackable(value, 0));
  } catch (error) {
    throw placed(error, "the value");
  }
}

/**
 * The JSON value in `bytes`. Integers come out as `number` where that is exact, else as `bigint`.
 *
 * @throws HostError JSON_MALFORMED when `bytes` are anything but one well-formed value: see
 * `decodeMessagePack`.
 */
export function decodeJson(bytes: Uint8Array): JsonValue {
  return decodeMessagePack(bytes, { depth: MAX_JSON_DEPTH, values: MAX_JSON_VALUES });
}

/** `value` itself if it can be packed as it is, else a copy that can. */
function toPackable(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? value : value.toWellFormed();
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw unfit("a finite number", String(value));
      // msgpackr would write an integer of more than 32 bits as a float, which other languages tell apart.
      return Number.isSafeInteger(value) && (value > 0xffff_ffff || value < -0x8000_0000)
        ? BigInt(value)
        : value;
    case "bigint":
      if (value >= -(2n ** 63n) && value < 2n ** 64n) return value;
      throw unfit("an integer of 64 bits", String(value));
    case "object":
      break;
    default:
      throw unfit("a JSON value", typeof value);
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (depth >= MAX_JSON_DEPTH) throw unfit(`nested ${MAX_JSON_DEPTH} deep at most`, "deeper");
  if (Array.isArray(value)) return toPackableArray(value, depth);
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return toPackable(value.toJSON(), depth + 1);
  }
  return toPackableObject(value as Record<string, unknown>, depth);
}

/** `toPackable` for a member of something `depth` deep: what it throws tells the member's key. */
function toPackableMember(member: unknown, key: string | number, depth: number): unknown {
  if (typeof member === "string" && member.isWellFormed()) return member;
  try {
    return toPackable(member, depth + 1);
  } catch (error) {
    throw placed(error, typeof key === "number" ? `[${key}]` : `.${key}`);
  }
}

function toPackableArray(values: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < values.length; i++) {
    const packable = toPackableMember(values[i] ?? null, i, depth);
    if (packable !== values[i]) copy ??= values.slice(0, i);
    copy?.push(packable);
  }
  return copy ?? values;
}

function toPackableObject(value: Record<string, unknown>, depth: number): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || prototype === null;
  if (!plain && (value instanceof Map || value instanceof Set)) {
    throw unfit("a JSON value", `a ${value.constructor.name}`);
  }
  const keys = Object.keys(value);
  let copy = plain ? undefined : new Map<string, unknown>();
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const member = value[key];
    const packable = member === undefined ? undefined : toPackableMember(member, key, depth);
    if (packable === undefined || packable !== member || !key.isWellFormed()) {
      copy ??= new Map(keys.slice(0, i).map((before) => [before, value[before]]));
    }
    if (packable !== undefined) copy?.set(key.toWellFormed(), packable);
  }
  return copy ? Object.fromEntries(copy) : value;
}

function unfit(expected: string, found: string): HostError {
  return new HostError("VALUE_INVALID", { path: "", expected, found });
}
