import { compactJson } from "../marshal/json-text.ts";
import type { CacheService } from "./contract/services.ts";
import { ServiceError } from "./contract/service-error.ts";
import { wasiError } from "./wasi-error.ts";
import type { WasiResources } from "./wasi-resources.ts";

/** What the one bucket that there is may be called. */
const NAMES: ReadonlySet<string> = new Set(["", "default"]);

/**
 * `wasi:keyvalue/store` for one instance, by the service `cache`: so a value may vanish, and keys are not listed.
 *
 * @param cache Undefined if it was not granted.
 * @param fault The host has failed: ends the instance.
 * @see https://github.com/WebAssembly/wasi-keyvalue/blob/v0.2.0-draft2/wit/store.wit
 */
export function createKeyValueStore(
  resources: WasiResources,
  cache: CacheService | undefined,
  fault: (error: unknown) => Error,
): object {
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw fault(error);
      throw error.kind === "denied" ? wasiError("access-denied") : wasiError("other", error.message);
    }
  };
  return {
    Bucket,
    async open(identifier: string): Promise<Bucket> {
      if (!cache) throw wasiError("access-denied");
      if (!NAMES.has(identifier)) throw wasiError("no-such-store");
      return new Bucket(resources, cache, answer);
    },
  };
}

type Answer = <T>(work: () => Promise<T>) => Promise<T>;

class Bucket implements Disposable {
  readonly #resources: WasiResources;
  readonly #cache: CacheService;
  readonly #answer: Answer;

  constructor(resources: WasiResources, cache: CacheService, answer: Answer) {
    this.#resources = resources;
    this.#cache = cache;
    this.#answer = answer;
    resources.hold();
  }

  /** What the plugin has put there by the contract, as JSON. */
  async get(key: string): Promise<Uint8Array | undefined> {
    const value = await this.#answer(() => this.#cache.get(key));
    if (value === undefined || value instanceof Uint8Array) return value;
    return Buffer.from(compactJson(value));
  }

  set(key: string, value: Uint8Array): Promise<void> {
    return this.#answer(() => this.#cache.set(key, value, undefined));
  }

  async delete(key: string): Promise<void> {
    await this.#answer(() => this.#cache.delete(key));
  }

  async exists(key: string): Promise<boolean> {
    return (await this.#answer(() => this.#cache.get(key))) !== undefined;
  }

  async listKeys(): Promise<never> {
    throw wasiError("other", "This host's cache does not list its keys.");
  }

  [Symbol.dispose](): void {
    this.#resources.release();
  }
}
