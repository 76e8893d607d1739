import type { CacheService } from "../../component/contract/services.ts";

/** Where the values of plugins are kept. */
export interface CacheBackend {
  /** The service `cache` on one shelf. */
  serviceFor(shelf: string): CacheService;
}

/** A cache that is closed once it has been replaced and nobody uses it any more. */
export class SharedCache {
  readonly #backend: CacheBackend;
  readonly #close: () => Promise<void>;
  #users = 0;
  #replaced = false;

  constructor(backend: CacheBackend, close: () => Promise<void>) {
    this.#backend = backend;
    this.#close = close;
  }

  /** The service on one shelf, until `leave` is called, once. */
  serviceFor(shelf: string): { readonly service: CacheService; readonly leave: () => Promise<void> } {
    this.#users += 1;
    const leave = async (): Promise<void> => {
      this.#users -= 1;
      await this.#closeIfDone();
    };
    return { service: this.#backend.serviceFor(shelf), leave };
  }

  /** Nobody is to come any more. */
  async replaced(): Promise<void> {
    this.#replaced = true;
    await this.#closeIfDone();
  }

  /** Closes it, whoever uses it. */
  close(): Promise<void> {
    return this.#close();
  }

  async #closeIfDone(): Promise<void> {
    if (this.#replaced && this.#users === 0) await this.#close();
  }
}
