import { didYouMean } from "../core/did-you-mean.ts";
import { HostError } from "../core/error.ts";
import type { WitType } from "../wasm/wiring/wit-type.ts";
import { decodeJson, encodeJson, type JsonValue } from "./json.ts";
import { placed } from "./placed.ts";

/**
 * A type of the contract: how a value of it looks on this side (`T`), and how it looks to the component's
 * bindings, which follow jco's mapping of WIT to JavaScript.
 *
 * Values come from JavaScript callers and from plugins, so nothing is believed: `lower` checks what goes in.
 * What comes out was shaped by the types that the plugin itself declares, which need not be ours, so `lift`
 * checks that, too.
 */
export interface Type<T> {
  /** For messages: "a string". */
  readonly name: string;
  /** What it is in WIT; undefined for a result that is not there. */
  readonly wit: WitType | undefined;
  /** Whether a value that is of this type in WIT is lifted as it is. */
  readonly verbatim: boolean;
  /**
   * What fits as it is is not copied.
   *
   * @throws HostError VALUE_INVALID when `value` does not fit; its path is below this type's value.
   */
  lower(value: unknown): unknown;
  /** @throws HostError VALUE_INVALID, or JSON_MALFORMED when a plugin gave JSON that is none. */
  lift(wire: unknown): T;
  /** Gives the fields of records the names of the other side; missing where there are none inside. */
  rename?(value: unknown, to: Naming): unknown;
}

/** How fields of records are named: in JavaScript, or in the JSON that plugins exchange. */
type Naming = "camelCase" | "snake_case";

type TypeOf<T> = T extends Type<infer Value> ? Value : never;

/** A type that looks the same on both sides. */
function plain<T>(name: string, wit: WitType, fits: (value: unknown) => boolean): Type<T> {
  const verify = (value: unknown): T => {
    if (fits(value)) return value as T;
    throw unfit(name, value);
  };
  return { name, wit, verbatim: true, lower: verify, lift: verify };
}

export const string: Type<string> = plain(
  "a string",
  { kind: "string" },
  (value) => typeof value === "string",
);

export const bool: Type<boolean> = plain(
  "true or false",
  { kind: "bool" },
  (value) => typeof value === "boolean",
);

export const u16: Type<number> = wholeNumber("a whole number below 65,536", "u16", 2 ** 16);

export const u32: Type<number> = wholeNumber("a whole number below 4,294,967,296", "u32", 2 ** 32);

function wholeNumber(name: string, kind: "u16" | "u32", limit: number): Type<number> {
  return plain(
    name,
    { kind },
    (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < limit,
  );
}

/** A `u64` that counts or measures: a `number` here, exact up to 2⁵³. */
export const count: Type<number> = {
  name: "a whole number",
  wit: { kind: "u64" },
  verbatim: false,
  lower(value) {
    if (Number.isSafeInteger(value) && Number(value) >= 0) return BigInt(Number(value));
    throw unfit(this.name, value);
  },
  lift(wire) {
    if (typeof wire === "bigint") return Number(wire);
    throw unfit(this.name, wire);
  },
};

/** A `u64` of which every bit matters. */
export const u64: Type<bigint> = plain(
  "an integer of 64 bits",
  { kind: "u64" },
  (value) => typeof value === "bigint" && BigInt.asUintN(64, value) === value,
);

const LIST_OF_BYTES: WitType = { kind: "list", item: { kind: "u8" } };

/** `list<u8>`. A caller may give a string, which is taken as its UTF-8. */
export const bytes: Type<Uint8Array> = {
  name: "bytes",
  wit: LIST_OF_BYTES,
  verbatim: true,
  lower: (value) => (typeof value === "string" ? Buffer.from(value) : asBytes(value)),
  lift: (wire) => asBytes(wire),
};

/** The contract's `json`: any JSON value here, MessagePack there. */
export const json: Type<JsonValue> = {
  name: "a JSON value",
  wit: LIST_OF_BYTES,
  verbatim: false,
  lower: encodeJson,
  lift: (wire) => decodeJson(asBytes(wire)),
};

/** The contract's `json` where it must be an array. */
export const jsonArray: Type<JsonValue> = {
  ...json,
  name: "an array",
  lower(value) {
    if (Array.isArray(value)) return encodeJson(value);
    throw unfit(this.name, value);
  },
};

/** A function's result that is not there. */
export const nothing: Type<void> = {
  name: "nothing",
  wit: undefined,
  verbatim: true,
  lower: () => undefined,
  lift: () => undefined,
};

export function list<T>(item: Type<T>): Type<T[]> {
  const name = "a list";
  return {
    name,
    wit: { kind: "list", item: witOf(item) },
    verbatim: item.verbatim,
    lower(value) {
      if (!Array.isArray(value)) throw unfit(name, value);
      let wire: unknown[] | undefined;
      let i = 0;
      try {
        for (; i < value.length; i++) {
          const lowered = item.lower(value[i]);
          if (lowered !== value[i]) wire ??= [...value];
          if (wire) wire[i] = lowered;
        }
        return wire ?? value;
      } catch (error) {
        throw placed(error, `[${i}]`);
      }
    },
    lift(wire) {
      if (!Array.isArray(wire)) throw unfit(name, wire);
      return wire.map((element) => item.lift(element));
    },
    rename: (value, to) => (Array.isArray(value) ? value.map((element) => rename(item, element, to)) : value),
  };
}

export function option<T>(some: Type<T>): Type<T | undefined> {
  return {
    name: `${some.name}, or nothing`,
    wit: { kind: "option", some: witOf(some) },
    verbatim: some.verbatim,
    lower: (value) => (value === undefined || value === null ? undefined : some.lower(value)),
    lift: (wire) => (wire === undefined ? undefined : some.lift(wire)),
    rename: (value, to) => (value === undefined || value === null ? value : rename(some, value, to)),
  };
}

export function oneOf<const Name extends string>(...names: readonly Name[]): Type<Name> {
  const name = `one of ${names.join(", ")}`;
  return {
    name,
    wit: { kind: "enum", names },
    verbatim: true,
    lower(value) {
      if (names.some((known) => known === value)) return value;
      throw new HostError("VALUE_INVALID", { path: "", expected: name, found: String(value) });
    },
    lift(wire) {
      return this.lower(wire) as Name;
    },
  };
}

/** A field that callers may leave out, and what it is then. */
interface OptionalField<T> {
  readonly type: Type<T>;
  readonly otherwise: () => unknown;
}

export function optional<T>(type: Type<T>, otherwise: () => unknown): OptionalField<T> {
  return { type, otherwise };
}

/** `T` is written by hand, with its documentation; TypeScript checks that the fields fit. */
export function record<T extends object>(fields: {
  readonly [K in keyof T]-?: Type<T[K]> | OptionalField<T[K]>;
}): Type<T> {
  const types = new Map<string, OptionalField<unknown>>();
  for (const [key, field] of Object.entries<Type<unknown> | OptionalField<unknown>>(fields)) {
    types.set(key, "type" in field ? field : optional(field, () => undefined));
  }
  const entries = [...types];
  const name = `an object with ${[...types.keys()].join(", ")}`;
  const refuseOthers = (members: object): void => {
    for (const key in members) {
      if (types.has(key)) continue;
      const expected = `left out.${didYouMean(key, [...types.keys()])}`;
      throw new HostError("VALUE_INVALID", { path: `.${key}`, expected, found: "there" });
    }
  };
  return {
    name,
    wit: { kind: "record", fields: entries.map(([key, { type }]) => [kebabCase(key), witOf(type)]) },
    verbatim: entries.every(([, { type }]) => type.verbatim),
    lower(value) {
      if (typeof value !== "object" || value === null) throw unfit(name, value);
      const members = value as Record<string, unknown>;
      // Fields of a class may be anywhere, and would not cross to a worker.
      let wire: Record<string, unknown> | undefined = isPlain(members) ? undefined : {};
      let place = "";
      try {
        for (const [key, { type, otherwise }] of entries) {
          place = key;
          const given = members[key];
          const lowered = type.lower(given ?? otherwise());
          if (lowered !== given) wire ??= { ...members };
          if (wire) wire[key] = lowered;
        }
      } catch (error) {
        throw placed(error, `.${place}`);
      }
      refuseOthers(members);
      return wire ?? members;
    },
    lift(wire) {
      if (typeof wire !== "object" || wire === null) throw unfit(name, wire);
      const members = wire as Record<string, unknown>;
      const value: Record<string, unknown> = {};
      for (const [key, { type }] of entries) value[key] = type.lift(members[key]);
      return value as T;
    },
    rename: (value, to) => renameFields(types, value, to),
  };
}

/** A variant's value: the case's name and its payload. */
export type Case<Cases> = {
  [Tag in keyof Cases]: { readonly tag: Tag; readonly val: Cases[Tag] };
}[keyof Cases];

export function variant<const Cases extends Record<string, Type<unknown>>>(
  cases: Cases,
): Type<Case<{ [Tag in keyof Cases]: TypeOf<Cases[Tag]> }>> {
  const byTag = new Map<unknown, Type<unknown>>(Object.entries(cases));
  const name = `{tag, val} with tag ${[...byTag.keys()].join(", ")}`;
  return {
    name,
    wit: { kind: "variant", cases: Array.from(byTag, ([tag, type]) => [String(tag), type.wit]) },
    verbatim: Object.values(cases).every((type) => type.verbatim),
    lower(value) {
      const { tag, val } = (value ?? {}) as { tag?: unknown; val?: unknown };
      const payload = byTag.get(tag);
      if (!payload) throw unfit(name, value);
      try {
        return { tag, val: payload.lower(val) };
      } catch (error) {
        throw placed(error, ".val");
      }
    },
    lift(wire) {
      const { tag, val } = (wire ?? {}) as { tag?: unknown; val?: unknown };
      const payload = byTag.get(tag);
      if (!payload) throw unfit(name, wire);
      return { tag, val: payload.lift(val) } as Case<{ [Tag in keyof Cases]: TypeOf<Cases[Tag]> }>;
    },
    rename(value, to) {
      const { tag, val } = (value ?? {}) as { tag?: unknown; val?: unknown };
      const payload = byTag.get(tag);
      return payload ? { tag, val: rename(payload, val, to) } : value;
    },
  };
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** What a type that is no result is in WIT. */
export function witOf({ name, wit }: Type<unknown>): WitType {
  if (wit) return wit;
  throw new Error(`In WIT there is no type for ${name}.`);
}

function kebabCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `value` with the fields of the contract's records named as the other side names them; JSON stays as it is. */
export function rename(type: Type<unknown>, value: unknown, to: Naming): unknown {
  return type.rename?.(value, to) ?? value;
}

/** Members that are no fields are kept, so that `lower` can complain of them. */
function renameFields(
  types: ReadonlyMap<string, OptionalField<unknown>>,
  value: unknown,
  to: Naming,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  const renamed: Record<string, unknown> = { ...value };
  for (const [camelCase, { type }] of types) {
    const snakeCase = camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const [from, name] = to === "camelCase" ? [snakeCase, camelCase] : [camelCase, snakeCase];
    if (!(from in renamed)) continue;
    const member = rename(type, renamed[from], to);
    Reflect.deleteProperty(renamed, from);
    renamed[name] = member;
  }
  return renamed;
}

function asBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw unfit("bytes", value);
}

function unfit(expected: string, value: unknown): HostError {
  return new HostError("VALUE_INVALID", { path: "", expected, found: describe(value) });
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "an array" : "an object";
  // A text may be a secret that went astray, and is not repeated.
  if (typeof value === "string") return "a string";
  return typeof value === "number" || typeof value === "bigint" ? String(value) : typeof value;
}
