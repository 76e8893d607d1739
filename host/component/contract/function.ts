import type { Type } from "../../marshal/type.ts";

/** A function of the contract, or a method of one of its resources. */
export interface ContractFunction<Result = Type<unknown>> {
  /** In their order, by their names in JavaScript. */
  readonly params: Readonly<Record<string, Type<unknown>>>;
  /** What stands in `ok`, where the function gives a `result`. */
  readonly result: Result;
  /** Whether the contract's `error` may come back. */
  readonly fallible: boolean;
}

/** Functions by their names in WIT. */
export type Functions<Result = Type<unknown>> = Readonly<Record<string, ContractFunction<Result>>>;

/** A result that is a handle of a resource of the same interface. Only services give them. */
export interface Resource {
  readonly resource: string;
}

/** A function that gives `result<…, error>`. */
export function fallible<Result>(
  params: ContractFunction["params"],
  result: Result,
): ContractFunction<Result> {
  return { params, result, fallible: true };
}

/** A function that always answers. */
export function infallible<Result>(
  params: ContractFunction["params"],
  result: Result,
): ContractFunction<Result> {
  return { params, result, fallible: false };
}

/** The name that a WIT name has in JavaScript: `execute-query` is `executeQuery`. */
export function camelCase(kebab: string): string {
  return kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
