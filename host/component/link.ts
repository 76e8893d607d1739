import { HostError, messageOf } from "../core/error.ts";
import type { Type } from "../marshal/type.ts";
import { type ContractFunction, camelCase, type Functions, type Resource } from "./contract/function.ts";
import { ServiceError } from "./contract/service-error.ts";
import { type ServiceInterface, SERVICES, type ServiceName, type Services } from "./contract/services.ts";
import { className } from "./contract/class-name.ts";
import { CONTRACT_PACKAGE } from "./contract/version.ts";

/** What the linked services need of the instance that calls them. */
interface LinkHooks {
  /**
   * A service failed, or the plugin passed something that cannot be answered: the instance may not go on.
   * What this returns is thrown into the plugin.
   */
  fault(error: unknown): Error;
  /** A resource was handed to the plugin. It has to be disposed of when the instance ends. */
  own(resource: Disposable): void;
  /** The plugin dropped a resource. */
  disown(resource: Disposable): void;
}

type ServiceFunction = ContractFunction<Type<unknown> | Resource>;
type Implementation = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/**
 * The services of a plugin in the form in which its bindings import them: arguments lifted, results and
 * errors lowered. What services return is checked, since the bindings would pass on nonsense.
 *
 * @throws HostError SERVICE_MISSING when the plugin imports a service that is not among `services`
 */
export function linkServices(
  imported: readonly ServiceName[],
  services: Services,
  plugin: string,
  hooks: LinkHooks,
): Record<string, object> {
  const linked: Record<string, object> = {};
  for (const name of imported) {
    const implementation = services[name] as unknown as Implementation | undefined;
    if (!implementation) throw new HostError("SERVICE_MISSING", { plugin, service: name });
    linked[`${CONTRACT_PACKAGE}/${name}`] = new ServiceLinker(SERVICES[name], plugin, hooks).link(
      implementation,
    );
  }
  return linked;
}

/** Links one service to one instance. Its resources become classes, which is what the bindings expect. */
class ServiceLinker {
  readonly #service: ServiceInterface;
  readonly #plugin: string;
  readonly #hooks: LinkHooks;
  readonly #classes = new Map<string, new (implementation: Implementation & Disposable) => object>();

  constructor(service: ServiceInterface, plugin: string, hooks: LinkHooks) {
    this.#service = service;
    this.#plugin = plugin;
    this.#hooks = hooks;
    for (const [name, methods] of Object.entries(service.resources)) {
      this.#classes.set(name, this.#resourceClass(methods));
    }
  }

  link(implementation: Implementation): object {
    const linked: Record<string, unknown> = {};
    for (const [name, contract] of Object.entries(this.#service.functions)) {
      linked[camelCase(name)] = this.#wrap(contract, () => implementation, camelCase(name));
    }
    for (const [name, itsClass] of this.#classes) linked[className(name)] = itsClass;
    return linked;
  }

  #resourceClass(
    methods: Functions<ServiceFunction["result"]>,
  ): new (implementation: Implementation & Disposable) => object {
    const hooks = this.#hooks;
    class LinkedResource {
      readonly implementation: Implementation & Disposable;

      constructor(implementation: Implementation & Disposable) {
        this.implementation = implementation;
        hooks.own(implementation);
      }

      [Symbol.dispose](): void {
        hooks.disown(this.implementation);
        this.implementation[Symbol.dispose]();
      }
    }
    for (const [name, contract] of Object.entries(methods)) {
      const wrapped = this.#wrap(
        contract,
        (resource) => (resource as LinkedResource).implementation,
        camelCase(name),
      );
      Object.defineProperty(LinkedResource.prototype, camelCase(name), { value: wrapped });
    }
    return LinkedResource;
  }

  #wrap(contract: ServiceFunction, target: (self: unknown) => Implementation, name: string) {
    const types = Object.values(contract.params);
    const hooks = this.#hooks;
    const lift = (args: unknown[]) => {
      try {
        return types.map((type, i) => type.lift(args[i]));
      } catch (error) {
        throw this.#misused(error, contract, name);
      }
    };
    const lower = (result: unknown) => this.#lowerResult(contract, result);
    const refuse = (error: unknown) => toGuestError(error, contract, hooks);
    if (this.#service.waits) {
      return async function (this: unknown, ...args: unknown[]) {
        try {
          const implementation = target(this);
          return lower(await implementation[name]?.(...lift(args)));
        } catch (error) {
          throw refuse(error);
        }
      };
    }
    return function (this: unknown, ...args: unknown[]) {
      try {
        const implementation = target(this);
        return lower(implementation[name]?.(...lift(args)));
      } catch (error) {
        throw refuse(error);
      }
    };
  }

  /**
   * A plugin declares the types of its imports itself, and they need not be those of the contract. What is no
   * JSON where JSON is due it may be told, where the function has a way to.
   */
  #misused(error: unknown, { fallible }: ServiceFunction, name: string): unknown {
    if (fallible && HostError.is(error, "JSON_MALFORMED")) return error;
    return new HostError("SERVICE_MISUSED", {
      plugin: this.#plugin,
      function: name,
      reason: messageOf(error),
    });
  }

  #lowerResult(contract: ServiceFunction, result: unknown): unknown {
    if (!("resource" in contract.result)) return contract.result.lower(result);
    const itsClass = this.#classes.get(contract.result.resource);
    if (!itsClass) throw new Error(`The contract knows no resource ${contract.result.resource}.`);
    return new itsClass(result as Implementation & Disposable);
  }
}

/** What the bindings lower as the contract's `error`; anything else ends the instance. */
function toGuestError(error: unknown, contract: ServiceFunction, hooks: LinkHooks): unknown {
  if (contract.fallible) {
    if (error instanceof ServiceError) return { tag: error.kind, val: error.message };
    if (HostError.is(error, "JSON_MALFORMED")) return { tag: "invalid-input", val: error.message };
  }
  return hooks.fault(error);
}
