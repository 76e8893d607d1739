import { readFileSync } from "node:fs";
import vm from "node:vm";
import type { BoundExports, InstantiateCore, WebAssemblyView } from "../bindings.ts";
import { DirectInstance } from "../direct/direct-instance.ts";
import type { DirectLinks } from "../direct/direct-links.ts";
import { ENVIRONMENT } from "./as-component.ts";
import { createEnvironment } from "./environment.ts";
import type { ModuleHooks } from "./module-hooks.ts";
import { LOADER, resolveOptional } from "./optional-package.ts";
import { Preview1, PREVIEW1 } from "./preview1.ts";

/** The one module that a plain module consists of, as what transpiles names it. */
export const PLAIN_MODULE = "plugin.wasm";

/** What of @assemblyscript/loader is used here. */
interface Loader {
  instantiateSync(module: WebAssembly.Module, imports: object): Loaded;
}

interface Loaded {
  readonly exports: Readonly<Record<"__getString", (address: number) => string | null>>;
}

type Evaluate = (exports: object, WebAssembly: object) => void;

/**
 * What the loader sees of a module's exports. It makes objects of dots and number signs in names, and a name such as
 * `constructor#x` would reach the `Object` of the host.
 */
const SEEN = ["memory", "table", "__new", "__pin", "__unpin", "__collect", "__rtti_base"];

/** What a module may be started by that exports its start. */
const STARTS = ["_initialize", "_start"];

/** What a plain module is instantiated with. */
interface PlainParts {
  readonly plugin: string;
  readonly module: WebAssembly.Module;
  readonly links: DirectLinks;
  readonly view: WebAssemblyView;
  /** By interface, without the version: `tusk:plugin/logger`. */
  readonly services: Readonly<Record<string, object>>;
  readonly instantiateCore: InstantiateCore;
  readonly hooks: ModuleHooks;
}

/**
 * Makes an instance of a plain core module.
 *
 * @throws HostError PACKAGE_MISSING
 */
export function instantiatePlain(parts: PlainParts): BoundExports {
  const { plugin, module, links, view, services, instantiateCore, hooks } = parts;
  const direct = new DirectInstance(links, view, services);
  const wantsWasi = WebAssembly.Module.imports(module).some((imported) => imported.module === PREVIEW1);
  const preview1 = wantsWasi ? new Preview1(hooks, plugin) : undefined;
  let exports: WebAssembly.Exports = {};
  const made = (all: WebAssembly.Exports) => {
    exports = all;
    direct.made(all);
    preview1?.attach(all["memory"] as WebAssembly.Memory);
  };
  // It makes an instance by `new`, and gets one whose limits are armed.
  function Instance(core: WebAssembly.Module, imports: WebAssembly.Imports): object {
    instantiateCore(core, direct.link(imports), made);
    return {
      exports: Object.fromEntries(SEEN.flatMap((name) => (name in exports ? [[name, exports[name]]] : []))),
    };
  }
  const loader = evaluateLoader(plugin, { Module: WebAssembly.Module, Instance });
  let loaded: Loaded | undefined;
  const imports = {
    [ENVIRONMENT]: createEnvironment(hooks, (address) => textAt(loaded, address), trapOf(view)),
    ...(preview1 && { [PREVIEW1]: preview1.functions }),
  };
  loaded = loader.instantiateSync(module, imports);
  for (const name of STARTS) {
    const start = exports[name];
    if (typeof start === "function") start();
  }
  return direct.exports();
}

/** What the plugin says may be anywhere, or nothing that is a string. */
function textAt(loaded: Loaded | undefined, address: number): string {
  try {
    return loaded?.exports["__getString"](address) ?? "";
  } catch {
    return "";
  }
}

function trapOf({ RuntimeError }: WebAssemblyView): () => Error {
  const Trap = RuntimeError as new (message: string) => Error;
  return () => new Trap("unreachable");
}

let evaluate: Evaluate | undefined;

/** The loader, which sees a `WebAssembly` of our own, as the bindings of components do. */
function evaluateLoader(plugin: string, webAssembly: object): Loader {
  const file = resolveOptional(LOADER, "umd/index.js", plugin);
  evaluate ??= vm.compileFunction(readFileSync(file, "utf8"), ["exports", "WebAssembly"], {
    filename: file,
  }) as Evaluate;
  const exports = {};
  evaluate(exports, webAssembly);
  return exports as Loader;
}
