import { type Type, witOf } from "../../marshal/type.ts";
import type { WitFunction, WitType } from "../../wasm/wiring/wit-type.ts";
import type { ContractFunction, Resource } from "./function.ts";
import { ERROR_KINDS } from "./service-error.ts";

const ERROR: WitType = { kind: "variant", cases: ERROR_KINDS.map((kind) => [kind, { kind: "string" }]) };

/**
 * A function of the contract as WIT has it.
 *
 * @param self For a method: the resource that it is one of.
 */
export function witFunction(
  { params, result, fallible }: ContractFunction<Type<unknown> | Resource>,
  self?: string,
): WitFunction {
  const types = Object.values(params).map(witOf);
  const ok: WitType | undefined =
    "resource" in result ? { kind: "own", resource: result.resource } : result.wit;
  return {
    params: self === undefined ? types : [{ kind: "borrow", resource: self }, ...types],
    result: fallible ? { kind: "result", ok, err: ERROR } : ok,
  };
}
