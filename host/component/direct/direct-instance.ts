import { AbiViolation } from "../../marshal/canonical/abi-violation.ts";
import type { CoreValue } from "../../marshal/canonical/codec.ts";
import { GuestMemory, type Realloc } from "../../marshal/canonical/guest-memory.ts";
import type { Guest } from "../../marshal/canonical/guest.ts";
import { HandleTable } from "../../marshal/canonical/handle-table.ts";
import { signatureOf } from "../../marshal/canonical/signature.ts";
import type { CanonOptions, CoreExport } from "../../wasm/wiring/component-space.ts";
import type { BoundExports, BoundFunction, WebAssemblyView } from "../bindings.ts";
import type { DirectDrop, DirectExport, DirectImport, DirectLinks } from "./direct-links.ts";
import { findTarget, type ServiceFunction } from "./import-target.ts";

/** The `result` of a function that may fail, as it crosses. */
type Result = { readonly tag: "ok"; readonly val: unknown } | { readonly tag: "err"; readonly val: unknown };

/**
 * One instance of a plugin that is linked directly: hands core modules what they import, and calls what they
 * export, both by the canonical ABI.
 *
 * Nothing here may be believed that a plugin says. What it says wrongly to a service it is told by an exception,
 * which it can catch; so the call that it did it in fails in any case.
 */
export class DirectInstance {
  readonly #links: DirectLinks;
  readonly #view: WebAssemblyView;
  readonly #services: Readonly<Record<string, object>>;
  readonly #handles = new HandleTable();
  readonly #guests = new Map<string, Guest>();
  readonly #instances: WebAssembly.Exports[] = [];
  #violation: unknown;

  /** @param services As `linkServices` and `createWasi` made them, by interface without the version. */
  constructor(links: DirectLinks, view: WebAssemblyView, services: Readonly<Record<string, object>>) {
    this.#links = links;
    this.#view = view;
    this.#services = services;
  }

  /** The imports of the core instance that is about to be made, with what is linked here in its place. */
  link(imports: WebAssembly.Imports | undefined): WebAssembly.Imports | undefined {
    const links = this.#links.coreInstances[this.#instances.length];
    if (!imports || !links || links.size === 0) return imports;
    const linked: WebAssembly.Imports = { ...imports };
    for (const [module, members] of links) {
      const ofModule: Record<string, WebAssembly.ImportValue> = { ...imports[module] };
      for (const [name, link] of members) ofModule[name] = this.#import(link) as WebAssembly.ImportValue;
      linked[module] = ofModule;
    }
    return linked;
  }

  /** Takes what the core instance exports that was made. */
  made(exports: WebAssembly.Exports): void {
    this.#instances.push(exports);
  }

  /** The functions that the plugin exports. */
  exports(): BoundExports {
    const bound: Record<string, Record<string, BoundFunction>> = {};
    for (const link of this.#links.exports) (bound[link.interface] ??= {})[link.jsName] = this.#export(link);
    return bound;
  }

  #export({ type, fallible, core, options }: DirectExport): BoundFunction {
    const signature = signatureOf(type);
    const enter = this.#view.promising(this.#find(core) as () => unknown) as (
      ...args: readonly CoreValue[]
    ) => Promise<CoreValue | undefined>;
    const after = options.postReturn && (this.#find(options.postReturn) as (given?: CoreValue) => void);
    const guest = this.#guestFor(options);
    const call = (...args: readonly unknown[]) => enter(...signature.lowerParams(guest, args));
    const lift = (given: CoreValue | undefined) => {
      if (this.#violation !== undefined) throw this.#violation;
      if (options.memory) guest.memory.open();
      const result = signature.liftResult(guest, given);
      after?.(given);
      if (!fallible) return result;
      const { tag, val } = result as Result;
      if (tag === "err") throw val;
      return val;
    };
    return Object.assign(call, { lift: (given: unknown) => lift(given as CoreValue | undefined) });
  }

  #import(link: DirectImport | DirectDrop): unknown {
    if (link.kind === "drop") return (handle: number) => this.#drop(handle >>> 0, link.resource);
    const guest = this.#guestFor(link.options);
    const call = this.#serviceFunction(link);
    const core = this.#coreFunction(link, guest, call);
    return link.waits ? new this.#view.Suspending(core) : core;
  }

  /** An import that gives a promise only where it has to wait: only then the plugin is suspended. */
  #coreFunction({ type, fallible, options }: DirectImport, guest: Guest, call: ServiceFunction) {
    const signature = signatureOf(type);
    const lower = (result: unknown, values: readonly CoreValue[]) =>
      this.#lifted(() => signature.lowerResult(guest, result, values));
    const succeed = fallible ? (val: unknown): Result => ({ tag: "ok", val }) : (val: unknown) => val;
    return (...values: readonly CoreValue[]): CoreValue | undefined | Promise<CoreValue | undefined> => {
      const args = this.#lifted(() => {
        if (options.memory) guest.memory.open();
        return signature.liftParams(guest, values);
      });
      let result: unknown;
      try {
        result = call(...args);
        if (result instanceof Promise) {
          return result
            .then(succeed, (error: unknown) => failed(error, fallible))
            .then((settled) => lower(settled, values));
        }
        result = succeed(result);
      } catch (error) {
        result = failed(error, fallible);
      }
      return lower(result, values);
    };
  }

  #serviceFunction({ interface: owner, target }: DirectImport): ServiceFunction {
    const found = findTarget(this.#services[owner], target);
    if (!found) throw new Error(`${owner} has no ${JSON.stringify(target)}.`);
    return found;
  }

  #drop(handle: number, resource: string): void {
    this.#lifted(() => this.#handles.drop(handle, resource));
  }

  /** What comes of reading what the plugin says, or of writing where it says. */
  #lifted<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof AbiViolation || error instanceof RangeError) this.#violation ??= error;
      throw error;
    }
  }

  #guestFor({ memory, realloc }: CanonOptions): Guest {
    const key = JSON.stringify([memory, realloc]);
    const known = this.#guests.get(key);
    if (known) return known;
    const find = () => ({
      memory: memory && (this.#find(memory) as WebAssembly.Memory),
      realloc: realloc && (this.#find(realloc) as Realloc),
    });
    const guest: Guest = { memory: new GuestMemory(find), handles: this.#handles };
    this.#guests.set(key, guest);
    return guest;
  }

  #find({ instance, name }: CoreExport): unknown {
    const found = this.#instances[instance]?.[name];
    if (found === undefined) throw new AbiViolation(`nothing is exported as ${name}`);
    return found;
  }
}

/** What is thrown and no Error is the error of the function's own type; anything else ends the call. */
function failed(error: unknown, fallible: boolean): Result {
  if (fallible && !(error instanceof Error)) return { tag: "err", val: error };
  throw error;
}
