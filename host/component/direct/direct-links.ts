import { HostError } from "../../core/error.ts";
import type { CanonOptions, CoreExport, CoreItem } from "../../wasm/wiring/component-space.ts";
import { type ComponentWiring, readWiring } from "../../wasm/wiring/component-wiring.ts";
import { isSameFunction, type WitFunction } from "../../wasm/wiring/wit-type.ts";
import { EXPORTS } from "../contract/exports.ts";
import { camelCase, type ContractFunction } from "../contract/function.ts";
import { serviceFunctions } from "../contract/service-functions.ts";
import { type ServiceInterface, SERVICES } from "../contract/services.ts";
import { CONTRACT_PACKAGE, interfaceName } from "../contract/version.ts";
import { witFunction } from "../contract/wit-function.ts";
import type { PluginShape } from "../shape.ts";

/** A function of the contract that a plugin exports. */
export interface DirectExport {
  /** `tusk:plugin/http-plugin@0.1.0` */
  readonly interface: string;
  /** `handleRequest` */
  readonly jsName: string;
  readonly type: WitFunction;
  readonly fallible: boolean;
  readonly core: CoreExport;
  readonly options: CanonOptions;
}

/** A function of a service that a core module is given. */
export interface DirectImport {
  readonly kind: "function";
  /** As the services are linked: `tusk:plugin/logger`. */
  readonly interface: string;
  readonly jsName: string;
  /** Whether it is called on its first argument. */
  readonly method: boolean;
  readonly type: WitFunction;
  readonly fallible: boolean;
  readonly waits: boolean;
  readonly options: CanonOptions;
}

/** What a core module calls when it drops a handle. */
export interface DirectDrop {
  readonly kind: "drop";
  readonly resource: string;
}

/** How a plugin is linked without the bindings' own code between it and the host: data that crosses to a worker. */
export interface DirectLinks {
  /** What of the imports of each core instance is linked here, in the order in which they are made. */
  readonly coreInstances: readonly ReadonlyMap<string, ReadonlyMap<string, DirectImport | DirectDrop>>[];
  readonly exports: readonly DirectExport[];
}

/**
 * Finds out how a plugin can be linked directly: if all that it imports and all that the host calls is of the
 * contract, with the contract's own types, and wired in a way that is understood. Otherwise its bindings have
 * to do it, for a plugin that is entered by one must not leave by the other.
 *
 * @param bytes A component that is known to be valid.
 */
export function resolveDirectLinks(
  bytes: Uint8Array,
  file: string,
  shape: PluginShape,
): DirectLinks | undefined {
  // A standard HTTP component has an export that is not of the contract.
  if (shape.handler !== undefined) return undefined;
  try {
    const wiring = readWiring(bytes, file);
    return new Resolver(shape, wiring).resolve();
  } catch (error) {
    if (HostError.is(error, "BINARY_UNSUPPORTED") || HostError.is(error, "BINARY_MALFORMED"))
      return undefined;
    throw error;
  }
}

class Resolver {
  readonly #shape: PluginShape;
  readonly #wiring: ComponentWiring;
  readonly #linked = new Map<CoreItem, DirectImport | DirectDrop>();

  constructor(shape: PluginShape, wiring: ComponentWiring) {
    this.#shape = shape;
    this.#wiring = wiring;
  }

  resolve(): DirectLinks | undefined {
    for (const item of this.#wiring.lowered) {
      const link = this.#resolveImport(item);
      if (!link) return undefined;
      this.#linked.set(item, link);
    }
    const exports: DirectExport[] = [];
    for (const name of this.#shape.exports) {
      for (const [functionName, contract] of Object.entries(EXPORTS[name] ?? {})) {
        const link = this.#resolveExport(name, functionName, contract);
        if (!link) return undefined;
        exports.push(link);
      }
    }
    return { exports, coreInstances: this.#wiring.coreInstances.map((imports) => this.#linksOf(imports)) };
  }

  #resolveExport(name: string, functionName: string, contract: ContractFunction): DirectExport | undefined {
    const fullName = interfaceName(name, this.#shape.contractVersion);
    const lifted = this.#wiring.exports.get(fullName)?.get(functionName);
    const wit = witFunction(contract);
    if (!lifted || !isSameFunction(wit, lifted.type)) return undefined;
    return {
      interface: fullName,
      jsName: camelCase(functionName),
      type: wit,
      fallible: contract.fallible,
      core: lifted.core,
      options: lifted.options,
    };
  }

  #resolveImport(item: CoreItem): DirectImport | DirectDrop | undefined {
    if (item.from === "drop") {
      const { name: resource, interface: owner } = item.resource;
      const known = this.#services().some(
        ([full, service]) => full === owner && resource in service.resources,
      );
      return known ? { kind: "drop", resource } : undefined;
    }
    if (item.from !== "import") return undefined;
    const { imported, options } = item;
    const [found] = this.#services().flatMap(([full, service, name]) =>
      full === imported.interface ? [{ name, known: serviceFunctions(service).get(imported.name) }] : [],
    );
    if (!found?.known) return undefined;
    const { contract, jsName, self, waits } = found.known;
    const wit = witFunction(contract, self);
    if (!isSameFunction(wit, imported.type)) return undefined;
    return {
      kind: "function",
      interface: `${CONTRACT_PACKAGE}/${found.name}`,
      jsName,
      method: self !== undefined,
      type: wit,
      fallible: contract.fallible,
      waits,
      options,
    };
  }

  #services(): [fullName: string, service: ServiceInterface, name: string][] {
    const { services, contractVersion } = this.#shape;
    return services.map((name) => [interfaceName(name, contractVersion), SERVICES[name], name]);
  }

  #linksOf(
    imports: ComponentWiring["coreInstances"][number],
  ): ReadonlyMap<string, ReadonlyMap<string, DirectImport | DirectDrop>> {
    const links = new Map<string, Map<string, DirectImport | DirectDrop>>();
    for (const [module, members] of imports) {
      for (const [name, item] of members) {
        const link = this.#linked.get(item);
        if (!link) continue;
        const ofModule = links.get(module) ?? new Map<string, DirectImport | DirectDrop>();
        links.set(module, ofModule.set(name, link));
      }
    }
    return links;
  }
}
