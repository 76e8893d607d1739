import vm from "node:vm";
import { HostError, messageOf } from "../core/error.ts";
import { DirectInstance } from "./direct/direct-instance.ts";
import type { DirectLinks } from "./direct/direct-links.ts";
import type { ModuleHooks } from "./core-module/module-hooks.ts";
import { instantiatePlain, PLAIN_MODULE } from "./core-module/plain-module.ts";
import type { TranspiledComponent } from "./transpile.ts";

/** What the bindings see of `WebAssembly`. The engine gives each instance a view of its own. */
export interface WebAssemblyView extends Readonly<
  Record<"RuntimeError" | "SuspendError" | "Global", unknown>
> {
  readonly promising: (exported: (...args: unknown[]) => unknown) => (...args: unknown[]) => Promise<unknown>;
  /** The plugin is suspended where a promise comes back. */
  readonly Suspending: new (start: (...args: never[]) => unknown) => object;
}

/** A function that an instance exports. */
export interface BoundFunction {
  (...args: readonly unknown[]): Promise<unknown>;
  /** Makes a result of what it gave, once, where that is none yet. */
  readonly lift?: (given: unknown) => unknown;
}

/** The exports of an instance: functions by interface (`tusk:plugin/plugin@0.1.0`) and JavaScript name. */
export type BoundExports = Readonly<Record<string, Readonly<Record<string, BoundFunction>>>>;

/**
 * Makes a core instance, as `new WebAssembly.Instance` does. `made` is given what it exports before anything of it
 * runs.
 */
export type InstantiateCore = (
  module: WebAssembly.Module,
  imports?: WebAssembly.Imports,
  made?: (exports: WebAssembly.Exports) => void,
) => Pick<WebAssembly.Instance, "exports">;

type Instantiate = (
  getCoreModule: (name: string) => WebAssembly.Module,
  imports: Readonly<Record<string, object>>,
  instantiateCore: InstantiateCore,
) => BoundExports;

type Evaluate = (globals: object, WebAssembly: WebAssemblyView, console: object) => Instantiate;

// What the bindings would say to the console they also throw.
const silentConsole = { debug: () => undefined, error: () => undefined, warn: () => undefined };

/** A component that was compiled, in the form in which it crosses to another thread. */
export interface CompiledComponent {
  /** The text of the code that was generated for it. A plain core module has none. */
  readonly source: string | undefined;
  readonly modules: ReadonlyMap<string, WebAssembly.Module>;
  /** How it is linked, past the code that was generated for it. */
  readonly direct: DirectLinks;
}

/** A component that was compiled, and can be instantiated any number of times. */
export class Bindings {
  readonly compiled: CompiledComponent;
  readonly #evaluate: Evaluate | undefined;

  constructor(compiled: CompiledComponent) {
    this.compiled = compiled;
    this.#evaluate = compiled.source === undefined ? undefined : evaluator(compiled.source);
  }

  /**
   * @param direct How it is linked, past the code that was generated for it.
   * @throws HostError COMPONENT_INVALID when V8 refuses a core module
   */
  static async compile(
    { source, modules }: TranspiledComponent,
    file: string,
    direct: DirectLinks,
  ): Promise<Bindings> {
    try {
      const compiled = [...modules].map(
        async ([name, bytes]) => [name, await WebAssembly.compile(bytes)] as const,
      );
      return new Bindings({ source, modules: new Map(await Promise.all(compiled)), direct });
    } catch (error) {
      throw new HostError("COMPONENT_INVALID", { file, reason: messageOf(error) }, { cause: error });
    }
  }

  /**
   * @param imports By interface, without the version: `tusk:plugin/logger`.
   * @param hooks For a plain core module.
   * @throws HostError PACKAGE_MISSING when a plain core module wants what is not installed
   */
  instantiate(
    plugin: string,
    view: WebAssemblyView,
    imports: Readonly<Record<string, object>>,
    instantiateCore: InstantiateCore,
    hooks: ModuleHooks,
  ): BoundExports {
    const { direct: links } = this.compiled;
    if (!this.#evaluate) {
      const module = this.#module(PLAIN_MODULE);
      return instantiatePlain({ plugin, module, links, view, services: imports, instantiateCore, hooks });
    }
    // Without `process` in its globals the generated code does not look for its debug switch at every call.
    const instantiate = this.#evaluate({ WebAssembly: view }, view, silentConsole);
    const getCoreModule = (name: string) => this.#module(name);
    const direct = new DirectInstance(links, view, imports);
    instantiate(getCoreModule, imports, (module, coreImports) =>
      instantiateCore(module, direct.link(coreImports), (exports) => direct.made(exports)),
    );
    return direct.exports();
  }

  #module(name: string): WebAssembly.Module {
    const module = this.compiled.modules.get(name);
    if (!module) throw new Error(`The bindings ask for a core module ${name} that there is not.`);
    return module;
  }
}

/**
 * Turns the text of the generated module into a function. Loading it with `import()` would keep every
 * generation of every plugin in memory for ever, since modules are never forgotten.
 */
function evaluator(source: string): Evaluate {
  const body = source.replace(/^export (?=function instantiate\b|const _util\b)/gm, "");
  return vm.compileFunction(`${body}\nreturn instantiate;`, ["globalThis", "WebAssembly", "console"], {
    filename: "plugin-bindings.js",
  }) as Evaluate;
}
