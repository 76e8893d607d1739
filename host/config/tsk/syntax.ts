import type { Operator } from "../operators/operator.ts";
import type { Place } from "../source.ts";

/** What settings say before it is worked out; a JSON file is read into the same. */
export type Expression =
  Literal | Template | List | ObjectLiteral | Variable | Reference | Unary | Operation | Conditional | Call;

interface Node<K extends string> {
  readonly kind: K;
  readonly place: Place;
}

interface Literal extends Node<"literal"> {
  readonly value: string | number | boolean | null;
}

/** A string with values in it: the text of its parts, joined. */
interface Template extends Node<"template"> {
  readonly parts: readonly Expression[];
}

export interface List extends Node<"list"> {
  readonly items: readonly Expression[];
}

export interface ObjectLiteral extends Node<"object"> {
  readonly entries: readonly Entry[];
}

/** `$name` or `$name.key`. */
export interface Variable extends Node<"variable"> {
  readonly path: readonly string[];
}

/** `name.key`: a value written further up, here or in what surrounds this. */
export interface Reference extends Node<"reference"> {
  readonly path: readonly string[];
  /** In `"${name}"` a global goes first. */
  readonly globalsFirst: boolean;
}

interface Unary extends Node<"unary"> {
  readonly operator: "!" | "-";
  readonly operand: Expression;
}

/** `first + a - b`: from left to right. A list, so that a long one is no deep tree. */
export interface Operation extends Node<"operation"> {
  readonly first: Expression;
  readonly rest: readonly OperationStep[];
}

export interface OperationStep {
  readonly operator: BinaryOperator;
  readonly operand: Expression;
  /** Of the operator. */
  readonly place: Place;
}

export type BinaryOperator =
  "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

/** `a ? x : b ? y : z`. */
interface Conditional extends Node<"conditional"> {
  readonly branches: readonly { readonly condition: Expression; readonly value: Expression }[];
  readonly otherwise: Expression;
}

/** `@name.part(arguments)`. */
export interface Call extends Node<"call"> {
  /** `name.part`. */
  readonly name: string;
  readonly operator: Operator;
  readonly args: readonly Expression[];
}

export interface Entry {
  /** Without the `$` of a global. */
  readonly key: string;
  readonly isGlobal: boolean;
  readonly keyPlace: Place;
  readonly value: Expression;
}

/** The entries under a `[path]`; those before the first section have an empty path. */
export interface Section {
  readonly path: readonly string[];
  readonly place: Place;
  readonly entries: readonly Entry[];
}
