import type { WitFunction, WitType } from "../../wasm/wiring/wit-type.ts";

/** Functions of an interface by the names that they have in components: `[method]fields.get`. */
export type WitInterface = Readonly<Record<string, WitFunction>>;

/** What belongs to a resource, by names in WIT. */
interface ResourceFunctions {
  /** The parameters of its constructor, if it has one. */
  readonly construct?: readonly WitType[];
  readonly methods?: Readonly<Record<string, WitFunction>>;
  readonly statics?: Readonly<Record<string, WitFunction>>;
}

export const BOOL: WitType = { kind: "bool" };
export const U8: WitType = { kind: "u8" };
export const U16: WitType = { kind: "u16" };
export const U32: WitType = { kind: "u32" };
export const U64: WitType = { kind: "u64" };
export const STRING: WitType = { kind: "string" };
export const BYTES: WitType = { kind: "list", item: U8 };

export function list(item: WitType): WitType {
  return { kind: "list", item };
}

export function option(some: WitType): WitType {
  return { kind: "option", some };
}

export function result(ok?: WitType, err?: WitType): WitType {
  return { kind: "result", ok, err };
}

export function tuple(...items: readonly WitType[]): WitType {
  return { kind: "tuple", items };
}

export function record(fields: Readonly<Record<string, WitType>>): WitType {
  return { kind: "record", fields: Object.entries(fields) };
}

export function variant(cases: Readonly<Record<string, WitType | undefined>>): WitType {
  return { kind: "variant", cases: Object.entries(cases) };
}

/** Names with a space between them. */
export function oneOf(names: string): WitType {
  return { kind: "enum", names: words(names) };
}

/** Names with a space between them. */
export function flags(names: string): WitType {
  return { kind: "flags", names: words(names) };
}

export function own(name: string): WitType {
  return { kind: "own", resource: name };
}

export function borrow(name: string): WitType {
  return { kind: "borrow", resource: name };
}

export function func(params: readonly WitType[], given?: WitType): WitFunction {
  return { params, result: given };
}

/** The functions of a resource as they are named in components, each method with what it is called on. */
export function resource(name: string, parts: ResourceFunctions): WitInterface {
  const functions: Record<string, WitFunction> = { [`[resource-drop]${name}`]: func([own(name)]) };
  if (parts.construct) functions[`[constructor]${name}`] = func(parts.construct, own(name));
  for (const [method, { params, result: given }] of Object.entries(parts.methods ?? {})) {
    functions[`[method]${name}.${method}`] = func([borrow(name), ...params], given);
  }
  for (const [method, type] of Object.entries(parts.statics ?? {})) {
    functions[`[static]${name}.${method}`] = type;
  }
  return functions;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
