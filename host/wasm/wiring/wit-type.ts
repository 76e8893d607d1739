/** A primitive type of WIT that plugins and host exchange. */
export type WitPrimitive = "bool" | "u8" | "u16" | "u32" | "u64" | "string";

/** A type of WIT, by its structure: names of types are nothing to the canonical ABI. */
export type WitType =
  | { readonly kind: WitPrimitive }
  | { readonly kind: "list"; readonly item: WitType }
  | { readonly kind: "option"; readonly some: WitType }
  | { readonly kind: "result"; readonly ok: WitType | undefined; readonly err: WitType | undefined }
  | { readonly kind: "record"; readonly fields: readonly WitMember[] }
  | { readonly kind: "tuple"; readonly items: readonly WitType[] }
  | { readonly kind: "variant"; readonly cases: readonly WitMember<WitType | undefined>[] }
  | { readonly kind: "enum" | "flags"; readonly names: readonly string[] }
  | { readonly kind: "own" | "borrow"; readonly resource: string }
  /** A type that neither our contract has nor WASI. */
  | { readonly kind: "other" };

/** A field of a record, or a case of a variant, by its name in WIT. */
export type WitMember<Type = WitType> = readonly [name: string, type: Type];

export interface WitFunction {
  readonly params: readonly WitType[];
  readonly result: WitType | undefined;
}

/** Whether values of both look the same in a plugin's memory and mean the same. */
function isSameType(one: WitType | undefined, other: WitType | undefined): boolean {
  if (one === other) return true;
  if (!one || !other) return false;
  switch (one.kind) {
    case "list":
      return other.kind === "list" && isSameType(one.item, other.item);
    case "option":
      return other.kind === "option" && isSameType(one.some, other.some);
    case "result":
      return other.kind === "result" && isSameType(one.ok, other.ok) && isSameType(one.err, other.err);
    case "record":
      return other.kind === "record" && areSameMembers(one.fields, other.fields);
    case "variant":
      return other.kind === "variant" && areSameMembers(one.cases, other.cases);
    case "tuple":
      return other.kind === "tuple" && areSameTypes(one.items, other.items);
    case "enum":
    case "flags":
      return other.kind === one.kind && areSameNames(one.names, other.names);
    case "own":
    case "borrow":
      return other.kind === one.kind && one.resource === other.resource;
    case "other":
      return false;
    default:
      return one.kind === other.kind;
  }
}

export function isSameFunction(one: WitFunction, other: WitFunction): boolean {
  return areSameTypes(one.params, other.params) && isSameType(one.result, other.result);
}

function areSameTypes(some: readonly WitType[], others: readonly WitType[]): boolean {
  return some.length === others.length && some.every((type, i) => isSameType(type, others[i]));
}

function areSameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, i) => name === others[i]);
}

function areSameMembers(
  some: readonly WitMember<WitType | undefined>[],
  others: readonly WitMember<WitType | undefined>[],
): boolean {
  return (
    some.length === others.length &&
    some.every(([name, type], i) => name === others[i]?.[0] && isSameType(type, others[i]?.[1]))
  );
}
