import { EXPORTS } from "../component/contract/exports.ts";
import { camelCase, type ContractFunction } from "../component/contract/function.ts";
import { HostError } from "../core/error.ts";
import { placed } from "../marshal/placed.ts";
import type { Type } from "../marshal/type.ts";

/** An exported function of the contract. */
export interface CallTarget {
  /** Its interface's WIT name: `http-plugin`. */
  readonly interface: string;
  /** Its own WIT name: `handle-request`. */
  readonly function: string;
  /** For messages: `http-plugin.handle-request`. */
  readonly name: string;
  /** Its name in JavaScript: `handleRequest`. */
  readonly jsName: string;
  readonly contract: ContractFunction;
  /** Those of `contract`, in their order. */
  readonly params: readonly (readonly [name: string, type: Type<unknown>])[];
}

/** Every exported function of the contract, by `interface.function`. */
const TARGETS: ReadonlyMap<string, CallTarget> = new Map(
  Object.entries(EXPORTS).flatMap(([interfaceName, functions]) =>
    Object.entries(functions).map(([name, contract]) => [
      `${interfaceName}.${name}`,
      {
        interface: interfaceName,
        function: name,
        name: `${interfaceName}.${name}`,
        jsName: camelCase(name),
        contract,
        params: Object.entries(contract.params),
      },
    ]),
  ),
);

/** @throws HostError FUNCTION_UNKNOWN when the contract has no such function */
export function callTarget(interfaceName: string, functionName: string): CallTarget {
  const target = TARGETS.get(`${interfaceName}.${functionName}`);
  if (target) return target;
  const known = [...TARGETS.values()].filter((other) => other.interface === interfaceName);
  throw new HostError("FUNCTION_UNKNOWN", {
    interface: interfaceName,
    function: functionName,
    known: known.map((other) => other.function),
  });
}

/**
 * Checks the arguments of a call and brings them into the form in which the bindings take them.
 *
 * @throws HostError VALUE_INVALID with the argument's place
 */
export function lowerArgs(target: CallTarget, args: readonly unknown[]): unknown[] {
  const wire: unknown[] = [];
  try {
    for (const [, type] of target.params) wire.push(type.lower(args[wire.length]));
  } catch (error) {
    const [name = ""] = target.params[wire.length] ?? [];
    throw placed(error, `${target.name}: ${name}`);
  }
  return wire;
}
