import { HostError } from "../../core/error.ts";
import type {
  CanonOptions,
  CoreExport,
  LoweredFunction,
  CoreItem,
} from "../../wasm/wiring/component-space.ts";
import type { ResourceType } from "../../wasm/wiring/type-reader.ts";
import { type ComponentWiring, readWiring } from "../../wasm/wiring/component-wiring.ts";
import { isSameFunction, type WitFunction } from "../../wasm/wiring/wit-type.ts";
import { EXPORTS } from "../contract/exports.ts";
import { camelCase } from "../contract/function.ts";
import { serviceFunctions } from "../contract/service-functions.ts";
import { type ServiceInterface, SERVICES } from "../contract/services.ts";
import { CONTRACT_PACKAGE, interfaceName } from "../contract/version.ts";
import { witFunction } from "../contract/wit-function.ts";
import type { PluginShape } from "../shape.ts";
import { type ImportTarget, importTarget } from "./import-target.ts";
import { HANDLE } from "../wasi-contract/http.ts";
import { wasiFunction } from "../wasi-contract/wasi-interfaces.ts";
import { wasiInterface, wasiWaits } from "../wasi-names.ts";

/** A function of the contract that a plugin exports, or the one by which a standard HTTP component is asked. */
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

/** A function of a service, or of WASI, that a core module is given. */
export interface DirectImport {
  readonly kind: "function";
  /** As it is linked, without its version: `tusk:plugin/logger`. */
  readonly interface: string;
  readonly target: ImportTarget;
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

/** How a plugin is linked, without the generated code between it and the host: data that crosses to a worker. */
export interface DirectLinks {
  /** What of the imports of each core instance is linked here, in the order in which they are made. */
  readonly coreInstances: readonly ReadonlyMap<string, ReadonlyMap<string, DirectImport | DirectDrop>>[];
  readonly exports: readonly DirectExport[];
}

/**
 * Finds out how a plugin is linked: all that it imports and all that the host calls is of the contract or of WASI,
 * with their own types, and wired as compilers do it. Anything else is refused: generated code would lift whatever
 * a plugin declares, and nothing would bound how much of the host's memory that takes.
 *
 * @param bytes A component that is known to be valid.
 * @param files Whether it was granted a folder.
 * @throws HostError CONTRACT_TYPES, BINARY_UNSUPPORTED, BINARY_MALFORMED
 */
export function resolveDirectLinks(
  bytes: Uint8Array,
  file: string,
  shape: PluginShape,
  files = false,
): DirectLinks {
  return new Resolver(file, shape, readWiring(bytes, file), files).resolve();
}

type LoweredImport = Extract<CoreItem, { from: "import" }>;

class Resolver {
  readonly #plugin: string;
  readonly #shape: PluginShape;
  readonly #wiring: ComponentWiring;
  /** The functions of WASI that wait: `wasi:io/poll#poll`. */
  readonly #wasiWaits: ReadonlySet<string>;
  readonly #linked = new Map<CoreItem, DirectImport | DirectDrop>();

  constructor(plugin: string, shape: PluginShape, wiring: ComponentWiring, files: boolean) {
    this.#plugin = plugin;
    this.#shape = shape;
    this.#wiring = wiring;
    this.#wasiWaits = new Set(wasiWaits(shape.wasi, { answers: shape.handler !== undefined, files }));
  }

  resolve(): DirectLinks {
    for (const item of this.#wiring.lowered) this.#linked.set(item, this.#resolveImport(item));
    return {
      exports: [...this.#exports()],
      coreInstances: this.#wiring.coreInstances.map((imports) => this.#linksOf(imports)),
    };
  }

  *#exports(): Iterable<DirectExport> {
    const { handler, exports, contractVersion } = this.#shape;
    if (handler !== undefined) yield this.#resolveExport(handler, "handle", HANDLE, false);
    for (const name of exports) {
      const fullName = interfaceName(name, contractVersion);
      for (const [functionName, contract] of Object.entries(EXPORTS[name] ?? {})) {
        yield this.#resolveExport(fullName, functionName, witFunction(contract), contract.fallible);
      }
    }
  }

  #resolveExport(owner: string, functionName: string, type: WitFunction, fallible: boolean): DirectExport {
    const lifted = this.#wiring.exports.get(owner)?.get(functionName);
    if (!lifted || !isSameFunction(type, lifted.type)) throw this.#otherTypes(owner, functionName);
    const { core, options } = lifted;
    return { interface: owner, jsName: camelCase(functionName), type, fallible, core, options };
  }

  #resolveImport(item: LoweredFunction): DirectImport | DirectDrop {
    if (item.from === "drop") return this.#resolveDrop(item.resource);
    const link = this.#resolveService(item) ?? this.#resolveWasi(item);
    if (link) return link;
    throw this.#otherTypes(item.imported.interface, item.imported.name);
  }

  #resolveDrop({ name: resource, interface: owner = "" }: ResourceType): DirectDrop {
    const ofService = this.#services().some(
      ([full, service]) => full === owner && Object.hasOwn(service.resources, resource),
    );
    const ofWasi = wasiFunction(wasiInterface(owner), `[resource-drop]${resource}`) !== undefined;
    if (!ofService && !ofWasi) throw this.#otherTypes(owner, resource);
    return { kind: "drop", resource };
  }

  #resolveWasi({ imported, options }: LoweredImport): DirectImport | undefined {
    const owner = wasiInterface(imported.interface);
    const type = wasiFunction(owner, imported.name);
    if (owner === undefined || !type || !isSameFunction(type, imported.type)) return undefined;
    return {
      kind: "function",
      interface: owner,
      target: importTarget(imported.name),
      type,
      fallible: type.result?.kind === "result",
      waits: this.#wasiWaits.has(`${owner}#${imported.name}`),
      options,
    };
  }

  #resolveService({ imported, options }: LoweredImport): DirectImport | undefined {
    const [found] = this.#services().flatMap(([full, service, name]) =>
      full === imported.interface ? [{ name, known: serviceFunctions(service).get(imported.name) }] : [],
    );
    if (!found?.known) return undefined;
    const { contract, self, waits } = found.known;
    const wit = witFunction(contract, self);
    if (!isSameFunction(wit, imported.type)) return undefined;
    return {
      kind: "function",
      interface: `${CONTRACT_PACKAGE}/${found.name}`,
      target: importTarget(imported.name),
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

  #otherTypes(owner: string, name: string): HostError {
    return new HostError("CONTRACT_TYPES", { plugin: this.#plugin, interface: owner, name });
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
