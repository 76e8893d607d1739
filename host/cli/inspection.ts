import { createHash } from "node:crypto";
import { HostError } from "../core/error.ts";
import { type InspectedComponent, inspectComponent } from "../component/loader.ts";
import type { PluginKind } from "../component/plugin-kind.ts";
import { isPermission, type Permission } from "../security/permissions.ts";
import { decodeComponent } from "../wasm/component-outline.ts";
import type { Producers } from "../wasm/custom-sections.ts";
import { type BinaryKind, kindOf } from "../wasm/kind.ts";
import { decodeModule, type ModuleOutline } from "../wasm/module-outline.ts";

const PAGE_BYTES = 65_536;

/** What a file says of itself, as `tusk inspect` tells it. Nothing of it has run. */
export interface Inspection {
  readonly file: string;
  readonly kind: BinaryKind;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** What it is as a plugin; missing if it is none. */
  readonly plugin?: InspectedPlugin | undefined;
  /** Why it is no plugin that this host loads. */
  readonly problem?: HostError | undefined;
  /** Of a component its interfaces, of a core module "module.name". */
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  readonly coreModules: readonly InspectedModule[];
  readonly nestedComponents: number;
  readonly producers: Readonly<Record<string, readonly string[]>>;
  readonly customSections: readonly string[];
}

interface InspectedPlugin {
  readonly kind: PluginKind;
  readonly contractVersion: string;
  readonly capabilities: readonly string[];
  /** What else it exports of the contract: `state`, `health`. */
  readonly optional: readonly string[];
  /** The services that it must be granted. */
  readonly permissions: readonly Permission[];
  /** The services that it imports and every plugin has. */
  readonly services: readonly string[];
  /** WASI interfaces that it imports: it gets them in an empty form. */
  readonly wasi: readonly string[];
  readonly otherExports: readonly string[];
}

export interface InspectedModule {
  readonly name: string | undefined;
  readonly sizeBytes: number;
  readonly functions: number;
  /** In bytes; `max` is missing if the module sets none. */
  readonly memories: readonly { readonly minBytes: number; readonly maxBytes: number | undefined }[];
}

/**
 * Reads what a file says of itself. What is no plugin is told with the reason.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED
 */
export function inspectBinary(bytes: Uint8Array, file: string): Inspection {
  const kind = kindOf(bytes, file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const common = { file, kind, sizeBytes: bytes.length, sha256 };
  return kind === "component"
    ? { ...common, ...inspectWholeComponent(bytes, file) }
    : { ...common, ...inspectModule(bytes, file) };
}

type Contents = Omit<Inspection, "file" | "kind" | "sizeBytes" | "sha256">;

function inspectWholeComponent(bytes: Uint8Array, file: string): Contents {
  const { imports, exports, coreModules, nestedComponents, custom } = decodeComponent(bytes, file);
  return {
    ...inspectPlugin(bytes, file),
    imports: imports.map(({ name }) => name),
    exports: exports.map(({ name }) => name),
    coreModules: coreModules.map(({ outline, sizeBytes }) => moduleOf(outline, sizeBytes)),
    nestedComponents,
    // Compilers sign the module that they made, tools the component that they made of it.
    producers: namesOf(
      [custom, ...coreModules.map(({ outline }) => outline.custom)].map(({ producers }) => producers),
    ),
    customSections: custom.names,
  };
}

function inspectModule(bytes: Uint8Array, file: string): Contents {
  const outline = decodeModule(bytes, file);
  return {
    ...inspectPlugin(bytes, file),
    imports: outline.imports.map(({ module, name }) => `${module}.${name}`),
    exports: outline.exports.map(({ name }) => name),
    coreModules: [moduleOf(outline, bytes.length)],
    nestedComponents: 0,
    producers: namesOf([outline.custom.producers]),
    customSections: outline.custom.names,
  };
}

function inspectPlugin(bytes: Uint8Array, file: string): Pick<Inspection, "plugin" | "problem"> {
  try {
    return { plugin: pluginOf(inspectComponent(bytes, file)) };
  } catch (error) {
    if (HostError.is(error)) return { problem: error };
    throw error;
  }
}

function pluginOf({ kind, shape }: InspectedComponent): InspectedPlugin {
  const { contractVersion, capabilities, exports, services, asked, wasi, otherExports } = shape;
  return {
    kind,
    contractVersion,
    capabilities,
    optional: exports.filter(
      (name) => name !== "plugin" && !capabilities.some((capability) => capability === name),
    ),
    permissions: asked.filter(isPermission),
    services: services.filter((service) => !isPermission(service)),
    wasi,
    otherExports,
  };
}

function moduleOf({ custom, functionCount, memories }: ModuleOutline, sizeBytes: number): InspectedModule {
  return {
    name: custom.name,
    sizeBytes,
    functions: functionCount,
    memories: memories.map(({ min, max }) => ({
      minBytes: min * PAGE_BYTES,
      maxBytes: max === undefined ? undefined : max * PAGE_BYTES,
    })),
  };
}

/** By field, "name version", each once. */
function namesOf(all: readonly Producers[]): Record<string, string[]> {
  const fields = new Map<string, Set<string>>();
  for (const [field, tools] of all.flatMap((producers) => [...producers])) {
    const known = fields.get(field) ?? new Set();
    for (const { name, version } of tools) known.add(`${name} ${version}`.trim());
    fields.set(field, known);
  }
  return Object.fromEntries(Array.from(fields, ([field, names]) => [field, [...names]]));
}
