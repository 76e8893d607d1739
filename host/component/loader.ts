import { createHash } from "node:crypto";
import { HostError } from "../core/error.ts";
import { type ComponentOutline, decodeComponent } from "../wasm/component-outline.ts";
import { kindOf } from "../wasm/kind.ts";
import { decodeModule } from "../wasm/module-outline.ts";
import { ArtifactCache } from "./artifact-cache.ts";
import { Bindings } from "./bindings.ts";
import { asComponent, describesComponent } from "./core-module/as-component.ts";
import { resolvePlainLinks } from "./core-module/plain-links.ts";
import { verifyPlain } from "./core-module/verify-plain.ts";
import { type DirectLinks, resolveDirectLinks } from "./direct/direct-links.ts";
import type { PluginKind } from "./plugin-kind.ts";
import { type PluginShape, resolveShape } from "./shape.ts";
import { type LoadOptions, Transpiler } from "./transpile.ts";
import { HOST_VERSION } from "./host-version.ts";

/** A binary as it was found, and what it says of itself. Nothing of it has run. */
export interface InspectedComponent {
  readonly kind: PluginKind;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly hash: string;
  /** Of a core module what the component shows that it stands for. */
  readonly outline: ComponentOutline;
  readonly shape: PluginShape;
  /** How it is linked, of a plain core module. */
  readonly plainLinks?: DirectLinks | undefined;
}

/**
 * Reads what a binary says of itself: first what kind it is, then what it imports and exports. Takes time linear in its size and runs nothing.
 *
 * @param plugin What to call it in messages.
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED
 * @throws HostError CONTRACT_VERSION, CONTRACT_EXPORT_MISSING, CONTRACT_IMPORT_UNKNOWN
 */
export function inspectComponent(bytes: Uint8Array, plugin: string): InspectedComponent {
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (kindOf(bytes, plugin) === "component") {
    const outline = decodeComponent(bytes, plugin);
    return { kind: "component", bytes, hash, outline, shape: resolveShape(outline, plugin) };
  }
  const module = decodeModule(bytes, plugin);
  const outline = asComponent(module, bytes.length);
  const shape = resolveShape(outline, plugin);
  if (describesComponent(module)) return { kind: "described-module", bytes, hash, outline, shape };
  verifyPlain(bytes, plugin);
  const plainLinks = resolvePlainLinks(module, plugin, shape);
  return { kind: "plain-module", bytes, hash, outline, shape, plainLinks };
}

/** How many compiled components are kept in memory, the least recently loaded going first. */
const MEMORY_ENTRIES = 32;

/**
 * Makes components ready to be instantiated: transpiled off the main thread, rewritten to keep their limits,
 * compiled. What was loaded before comes from memory, or from a folder.
 */
export class ComponentLoader implements AsyncDisposable {
  readonly #transpiler = new Transpiler();
  readonly #compiled = new Map<string, Promise<Bindings>>();
  #cache: ArtifactCache | undefined;

  private constructor(cache: ArtifactCache | undefined) {
    this.#cache = cache;
  }

  /**
   * @param cacheFolder Where transpiled components are kept between runs; none are if it is left out.
   * @throws HostError CACHE_UNSAFE
   */
  static async create(cacheFolder?: string): Promise<ComponentLoader> {
    return new ComponentLoader(await openCache(cacheFolder));
  }

  /**
   * Makes ready to keep them in another folder.
   *
   * @returns What has it be done so from now on.
   * @throws HostError CACHE_UNSAFE
   */
  async prepareCache(cacheFolder: string | undefined): Promise<() => void> {
    const cache = await openCache(cacheFolder);
    return () => (this.#cache = cache);
  }

  /**
   * @throws HostError COMPONENT_INVALID when it is no valid component after all
   * @throws HostError CONTRACT_TYPES when it declares other types than the contract's or WASI's
   * @throws HostError BINARY_UNSUPPORTED, BINARY_OVER_LIMIT when it is wired, or a core module of it is, as may not run here
   */
  load(component: InspectedComponent, plugin: string, limits: LoadOptions): Promise<Bindings> {
    const key = cacheKey(component.hash, limits);
    const known = this.#compiled.get(key);
    const bindings = known ?? this.#compile(component, plugin, limits, key);
    // Moved to the end, where the most recently used stand.
    this.#compiled.delete(key);
    this.#compiled.set(key, bindings);
    if (!known) {
      bindings.catch(() => this.#compiled.delete(key));
      this.#forgetOldest();
    }
    return bindings;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#compiled.clear();
    return this.#transpiler[Symbol.asyncDispose]();
  }

  async #compile(
    inspected: InspectedComponent,
    plugin: string,
    limits: LoadOptions,
    key: string,
  ): Promise<Bindings> {
    const { kind, bytes, outline, shape, plainLinks } = inspected;
    checkInitialMemory(outline, plugin, limits.maxMemoryPages);
    const cached = await this.#cache?.get(key);
    const transpiled = cached ?? (await this.#transpiler.transpile(kind, bytes, plugin, shape, limits));
    // A cache that cannot be written to costs time, and nothing else.
    if (!cached) await this.#cache?.set(key, transpiled).catch(() => undefined);
    const links =
      plainLinks ?? resolveDirectLinks(transpiled.component ?? bytes, plugin, shape, limits.files);
    return Bindings.compile(transpiled, plugin, links);
  }

  #forgetOldest(): void {
    if (this.#compiled.size <= MEMORY_ENTRIES) return;
    for (const oldest of this.#compiled.keys()) {
      this.#compiled.delete(oldest);
      return;
    }
  }
}

async function openCache(folder: string | undefined): Promise<ArtifactCache | undefined> {
  return folder === undefined ? undefined : ArtifactCache.open(folder);
}

/** Whatever changes what is made of the bytes is part of the key. */
function cacheKey(
  hash: string,
  { maxMemoryPages, maxTableElements, fuel, files = false }: LoadOptions,
): string {
  return createHash("sha256")
    .update(JSON.stringify([HOST_VERSION, hash, maxMemoryPages, maxTableElements, fuel, files]))
    .digest("hex");
}

/** Each memory alone is checked when it is rewritten; here it is their sum. */
function checkInitialMemory(outline: ComponentOutline, file: string, limit: number): void {
  const memories = outline.coreModules.flatMap((module) => module.outline.memories);
  const wanted = memories.reduce((sum, { min }) => sum + min, 0);
  if (wanted > limit) {
    throw new HostError("BINARY_OVER_LIMIT", { file, what: "pages of memory to begin with", wanted, limit });
  }
}
