import { HostError } from "../../core/error.ts";
import type { ModuleImport } from "../../wasm/externs.ts";
import type { ModuleOutline } from "../../wasm/module-outline.ts";
import type { CanonOptions, CoreExport } from "../../wasm/wiring/component-space.ts";
import { EXPORTS } from "../contract/exports.ts";
import { camelCase } from "../contract/function.ts";
import { serviceFunctions } from "../contract/service-functions.ts";
import { SERVICES } from "../contract/services.ts";
import { CONTRACT_PACKAGE, interfaceName } from "../contract/version.ts";
import { witFunction } from "../contract/wit-function.ts";
import { importTarget } from "../direct/import-target.ts";
import type { DirectDrop, DirectExport, DirectImport, DirectLinks } from "../direct/direct-links.ts";
import type { PluginShape } from "../shape.ts";
import { ENVIRONMENT } from "./as-component.ts";
import { ENVIRONMENT_FUNCTIONS } from "./environment.ts";
import { exportName } from "./export-name.ts";
import { PREVIEW1, PREVIEW1_FUNCTIONS } from "./preview1.ts";

const OTHERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [ENVIRONMENT, ENVIRONMENT_FUNCTIONS],
  [PREVIEW1, PREVIEW1_FUNCTIONS],
]);

/**
 * How a plain core module is linked: it says nothing of its types, so they are those of the contract.
 *
 * @throws HostError CONTRACT_IMPORT_UNKNOWN, CONTRACT_EXPORT_MISSING when it does not fit the contract
 */
export function resolvePlainLinks(outline: ModuleOutline, plugin: string, shape: PluginShape): DirectLinks {
  const exported = exportsOf(outline);
  const find = (name: string): CoreExport => {
    const core = exported.get(name);
    if (!core) throw new HostError("CONTRACT_EXPORT_MISSING", { plugin, missing: name });
    return core;
  };
  const isMemory = outline.exports.some(({ name, kind }) => name === "memory" && kind === "memory");
  if (!isMemory) throw new HostError("CONTRACT_EXPORT_MISSING", { plugin, missing: "memory" });
  const options = { memory: coreExport("memory"), realloc: find("cabi_realloc") };
  const exports = ["plugin", ...shape.exports.filter((name) => name !== "plugin")].flatMap((name) =>
    Object.entries(EXPORTS[name] ?? {}).map(([functionName, contract]): DirectExport => {
      const fullName = interfaceName(name, shape.contractVersion);
      const core = find(`${fullName}#${functionName}`);
      return {
        interface: fullName,
        jsName: camelCase(functionName),
        type: witFunction(contract),
        fallible: contract.fallible,
        core,
        options: { ...options, postReturn: exported.get(`cabi_post_${fullName}#${functionName}`) },
      };
    }),
  );
  return { exports, coreInstances: [importsOf(outline, plugin, shape, options)] };
}

/** The functions that a module exports, by their names in the contract. */
function exportsOf(outline: ModuleOutline): Map<string, CoreExport> {
  const functions = outline.exports.filter(({ kind }) => kind === "function");
  return new Map(functions.map(({ name }) => [exportName(name), coreExport(name)]));
}

function coreExport(name: string): CoreExport {
  return { from: "export", instance: 0, name };
}

function importsOf(
  outline: ModuleOutline,
  plugin: string,
  { contractVersion }: PluginShape,
  options: CanonOptions,
): DirectLinks["coreInstances"][number] {
  const services = servicesBy(contractVersion, options);
  const links = new Map<string, Map<string, DirectImport | DirectDrop>>();
  for (const imported of outline.imports) {
    const { module, name } = imported;
    const link = services.get(module)?.get(name);
    if (imported.kind !== "function" || !(link ?? OTHERS.get(module)?.has(name))) {
      throw unknownImport(imported, plugin, services);
    }
    if (!link) continue;
    const ofModule = links.get(module) ?? new Map<string, DirectImport | DirectDrop>();
    links.set(module, ofModule.set(name, link));
  }
  return links;
}

type Links = ReadonlyMap<string, ReadonlyMap<string, DirectImport | DirectDrop>>;

/** Everything that a core module may import of the contract. */
function servicesBy(contractVersion: string, options: CanonOptions): Links {
  return new Map(
    Object.entries(SERVICES).map(([name, service]) => {
      const links = new Map<string, DirectImport | DirectDrop>();
      for (const resource of Object.keys(service.resources)) {
        links.set(`[resource-drop]${resource}`, { kind: "drop", resource });
      }
      for (const [functionName, { contract, self, waits }] of serviceFunctions(service)) {
        links.set(functionName, {
          kind: "function",
          interface: `${CONTRACT_PACKAGE}/${name}`,
          target: importTarget(functionName),
          type: witFunction(contract, self),
          fallible: contract.fallible,
          waits,
          options,
        });
      }
      return [interfaceName(name, contractVersion), links] as const;
    }),
  );
}

function unknownImport({ module, name }: ModuleImport, plugin: string, services: Links): HostError {
  const known = [...services, ...OTHERS].flatMap(([owner, members]) =>
    Array.from(members.keys(), (member) => `${owner}.${member}`),
  );
  return new HostError("CONTRACT_IMPORT_UNKNOWN", { plugin, import: `${module}.${name}`, known });
}
