import type { Type } from "../../marshal/type.ts";
import { camelCase, type ContractFunction, type Functions, type Resource } from "./function.ts";
import type { ServiceInterface } from "./services.ts";

/** A function of a service, ready to be held against what plugins declare. */
export interface ServiceFunction {
  readonly contract: ContractFunction<Type<unknown> | Resource>;
  readonly jsName: string;
  /** For a method: the resource that it is one of. */
  readonly self: string | undefined;
  readonly waits: boolean;
}

/** All functions of a service, methods included, by the names that they have in components. */
export function serviceFunctions({
  functions,
  resources,
  waits,
}: ServiceInterface): Map<string, ServiceFunction> {
  const known = new Map<string, ServiceFunction>();
  const add = (prefix: string, some: Functions<Type<unknown> | Resource>, self?: string): void => {
    for (const [name, contract] of Object.entries(some)) {
      known.set(prefix + name, { contract, jsName: camelCase(name), self, waits });
    }
  };
  add("", functions);
  for (const [resource, methods] of Object.entries(resources)) add(`[method]${resource}.`, methods, resource);
  return known;
}
