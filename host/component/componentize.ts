import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { HostError, messageOf } from "../core/error.ts";
import { parseInterfaceName } from "../wasm/interface-name.ts";
import { decodeModule, type ModuleOutline } from "../wasm/module-outline.ts";
import { loadContract, type Contract } from "./contract.ts";
import { describesComponent } from "./core-module/as-component.ts";
import { preview1Adapter } from "./core-module/preview1-adapter.ts";
import { PREVIEW1 } from "./core-module/preview1.ts";

/**
 * Makes a component of a core module whose exports are named as the contract's functions
 * (`tusk:plugin/http-plugin@0.1.0#handle-request`).
 *
 * A module that describes its own world, as Rust's do, is taken at its word. For any other the world is what it
 * exports: each interface of the contract of which it has a function, and of the services those that it imports.
 * `file` is what to call the module in messages.
 *
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED when `core` is no core module
 * @throws HostError CONTRACT_VERSION, CONTRACT_EXPORT_MISSING, CONTRACT_IMPORT_UNKNOWN when it does not fit the contract
 * @throws HostError PACKAGE_MISSING when it imports WASI as it was before components, and there is no adapter
 * @throws HostError COMPONENT_INVALID when no component comes of it for another reason
 */
export async function componentize(core: Uint8Array, file: string): Promise<Uint8Array> {
  const outline = decodeModule(core, file);
  const described = describesComponent(outline);
  try {
    const adapters = outline.imports.some(({ module }) => module === PREVIEW1)
      ? [await preview1Adapter(file)]
      : [];
    return await componentNew(described ? core : await embedWorld(core, outline, file), adapters);
  } catch (cause) {
    if (HostError.is(cause)) throw cause;
    throw new HostError("COMPONENT_INVALID", { file, reason: messageOf(cause) }, { cause });
  }
}

/** The imports of a core module that nothing in the contract answers, as `module.name`. */
export async function unknownImports(outline: ModuleOutline): Promise<string[]> {
  const { imports } = await loadContract();
  return outline.imports.map(({ module, name }) => `${module}.${name}`).filter((name) => !imports.has(name));
}

async function embedWorld(core: Uint8Array, outline: ModuleOutline, file: string): Promise<Uint8Array> {
  const contract = await loadContract();
  const interfaces = exportedInterfaces(contract, outline, file);
  const [unknown] = await unknownImports(outline);
  if (unknown !== undefined) {
    throw new HostError("CONTRACT_IMPORT_UNKNOWN", {
      plugin: file,
      import: unknown,
      known: [...contract.imports],
    });
  }
  const exports = interfaces.map((name) => `export ${name};`);
  return componentEmbed({
    binary: core,
    witSource: `${contract.source}\nworld this-plugin { include services; ${exports.join(" ")} }`,
    world: "this-plugin",
    stringEncoding: "utf8",
  });
}

/** The plain names of the contract's interfaces of which the module exports a function. */
function exportedInterfaces(contract: Contract, outline: ModuleOutline, file: string): string[] {
  const names = new Set<string>();
  for (const { name } of outline.exports) {
    const owner = parseInterfaceName(name.slice(0, Math.max(0, name.indexOf("#"))));
    if (!owner || `${owner.namespace}:${owner.package}` !== contract.package) continue;
    if (owner.version !== contract.version) {
      const found = owner.version ?? "none";
      throw new HostError("CONTRACT_VERSION", { plugin: file, found, known: [contract.version] });
    }
    names.add(owner.interface);
  }
  if (!names.has("plugin")) {
    throw new HostError("CONTRACT_EXPORT_MISSING", { plugin: file, missing: "plugin" });
  }
  return [...names];
}
