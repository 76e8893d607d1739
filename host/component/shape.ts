import { HostError } from "../core/error.ts";
import type { ComponentOutline } from "../wasm/component-outline.ts";
import { parseInterfaceName } from "../wasm/interface-name.ts";
import { CAPABILITY_INTERFACES, type CapabilityName, EXPORTS } from "./contract/exports.ts";
import { SERVICES, type ServiceName } from "./contract/services.ts";
import { PREVIEW1 } from "./core-module/preview1.ts";
import { CONTRACT_PACKAGE, CONTRACT_VERSIONS, interfaceName } from "./contract/version.ts";
import { serviceBehind, WASI_IMPORTS, wasiInterface } from "./wasi-names.ts";

/** What a plugin is and wants, as its binary says before any of it runs. */
export interface PluginShape {
  readonly contractVersion: string;
  /** The interfaces of the contract that it exports, by their WIT names: `plugin`, `http-plugin`, `state` … */
  readonly exports: readonly string[];
  /** Those of them that others may call. */
  readonly capabilities: readonly CapabilityName[];
  /** The services that it imports. */
  readonly services: readonly ServiceName[];
  /** These, and those behind the WASI interfaces that it imports. */
  readonly asked: readonly ServiceName[];
  /** The WASI interfaces that it imports, without their version: `wasi:cli/stdout`. */
  readonly wasi: readonly string[];
  /** Exports that the contract does not know: `wasi:cli/run@0.2.0`. */
  readonly otherExports: readonly string[];
  /**
   * The export by which a standard HTTP component takes requests: `wasi:http/incoming-handler@0.2.8`. Undefined
   * for a plugin of the contract, whatever it exports beside it.
   */
  readonly handler: string | undefined;
}

const HANDLER = /^wasi:http\/incoming-handler@0\.2\.\d+$/;

/**
 * Reads a plugin's shape from the outline of its component.
 *
 * @throws HostError CONTRACT_VERSION, CONTRACT_EXPORT_MISSING, CONTRACT_IMPORT_UNKNOWN
 */
export function resolveShape(outline: ComponentOutline, plugin: string): PluginShape {
  const contractVersion = resolveVersion(outline, plugin);
  const own = new Map(Object.keys(EXPORTS).map((name) => [interfaceName(name, contractVersion), name]));
  const exports = outline.exports.flatMap(({ name }) => own.get(name) ?? []);
  const handler =
    exports.length > 0 ? undefined : outline.exports.find(({ name }) => HANDLER.test(name))?.name;
  if (!exports.includes("plugin") && handler === undefined) {
    throw new HostError("CONTRACT_EXPORT_MISSING", {
      plugin,
      missing: interfaceName("plugin", contractVersion),
    });
  }
  const { services, wasi } = resolveImports(outline, plugin, contractVersion);
  return {
    contractVersion,
    exports,
    capabilities:
      handler === undefined
        ? exports.filter((name): name is CapabilityName => name in CAPABILITY_INTERFACES)
        : ["http-plugin"],
    services,
    asked: [...new Set([...services, ...wasi.flatMap((name) => serviceBehind(name) ?? [])])],
    wasi,
    otherExports: outline.exports.flatMap(({ name, kind }) =>
      kind === "instance" && !own.has(name) && name !== handler ? name : [],
    ),
    handler,
  };
}

function resolveVersion(outline: ComponentOutline, plugin: string): string {
  const known: readonly string[] = CONTRACT_VERSIONS;
  let version: string | undefined;
  for (const { name } of [...outline.exports, ...outline.imports]) {
    const parsed = parseInterfaceName(name);
    if (`${parsed?.namespace}:${parsed?.package}` !== CONTRACT_PACKAGE) continue;
    version ??= parsed?.version ?? "without a version";
    if (parsed?.version !== version || !known.includes(version)) {
      const found = parsed?.version ?? "without a version";
      throw new HostError("CONTRACT_VERSION", { plugin, found, known });
    }
  }
  return version ?? CONTRACT_VERSIONS[0];
}

function resolveImports(outline: ComponentOutline, plugin: string, version: string) {
  const services: ServiceName[] = [];
  const wasi: string[] = [];
  const provided = new Map<string, () => void>();
  // Interfaces that hold only types ask for nothing.
  for (const name of ["types", "http-types"]) provided.set(interfaceName(name, version), () => undefined);
  for (const name of Object.keys(SERVICES) as ServiceName[]) {
    provided.set(interfaceName(name, version), () => services.push(name));
  }
  for (const { name } of outline.imports) {
    const standard = name === PREVIEW1 ? name : wasiInterface(name);
    if (standard !== undefined) wasi.push(standard);
    else {
      const note = provided.get(name);
      const known = [...provided.keys(), ...WASI_IMPORTS];
      if (!note) throw new HostError("CONTRACT_IMPORT_UNKNOWN", { plugin, import: name, known });
      note();
    }
  }
  return { services, wasi };
}
