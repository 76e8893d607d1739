import { Buffer } from "node:buffer";
import type { CacheService } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { Clock } from "../../core/clock.ts";
import { decodeJson, encodeJson } from "../../marshal/json.ts";

export interface CacheLimits {
  /** Bytes of all keys and values of one plugin. */
  readonly maxPluginBytes: number;
  /** Bytes of all plugins together. */
  readonly maxBytes: number;
}

interface Entry {
  readonly packed: Uint8Array;
  readonly sizeBytes: number;
  /** On the monotonic clock. */
  readonly expiresAt: number;
}

// What an entry costs beside its key and value, so that many empty ones are no way around the limit.
const ENTRY_BYTES = 64;

/**
 * The values that plugins keep for a while, in memory, each plugin's apart from the others'.
 *
 * A value is kept as MessagePack: so its size is known, and what is read is a copy. Where room is needed the
 * value that was not used for the longest time goes: of the same plugin if that is over its limit, else of the
 * plugin that holds most.
 */
export class CacheStore {
  readonly #clock: Clock;
  readonly #limits: CacheLimits;
  readonly #shelves = new Map<string, Shelf>();

  constructor(clock: Clock, limits: CacheLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** The service `cache` of a plugin. All generations of the plugin see the same values. */
  serviceFor(plugin: string): CacheService {
    const shelf = this.#shelves.get(plugin) ?? new Shelf();
    this.#shelves.set(plugin, shelf);
    return {
      get: async (key) => {
        const packed = shelf.get(key, this.#clock.monotonic());
        return packed && decodeJson(packed);
      },
      set: async (key, value, ttlMs) => this.#set(shelf, key, encodeJson(value), ttlMs),
      delete: async (key) => shelf.delete(key, this.#clock.monotonic()),
    };
  }

  #set(shelf: Shelf, key: string, packed: Uint8Array, ttlMs: number | undefined): void {
    const sizeBytes = packed.length + Buffer.byteLength(key) + ENTRY_BYTES;
    const limit = Math.min(this.#limits.maxPluginBytes, this.#limits.maxBytes);
    if (sizeBytes > limit) {
      throw new ServiceError(
        "limit-exceeded",
        `The value takes ${sizeBytes} bytes; the cache holds ${limit}.`,
      );
    }
    shelf.set(key, { packed, sizeBytes, expiresAt: this.#clock.monotonic() + (ttlMs ?? Infinity) });
    while (shelf.sizeBytes > this.#limits.maxPluginBytes) shelf.evict();
    while (this.#sizeBytes() > this.#limits.maxBytes) this.#largest().evict();
  }

  #sizeBytes(): number {
    return this.#shelves.values().reduce((sum, shelf) => sum + shelf.sizeBytes, 0);
  }

  #largest(): Shelf {
    return this.#shelves.values().reduce((a, b) => (b.sizeBytes > a.sizeBytes ? b : a));
  }
}

/** One plugin's entries, the one that was not used for the longest time first. */
class Shelf {
  readonly #entries = new Map<string, Entry>();
  sizeBytes = 0;

  get(key: string, now: number): Uint8Array | undefined {
    const entry = this.#remove(key);
    if (entry === undefined || entry.expiresAt <= now) return undefined;
    this.set(key, entry);
    return entry.packed;
  }

  set(key: string, entry: Entry): void {
    this.#remove(key);
    this.#entries.set(key, entry);
    this.sizeBytes += entry.sizeBytes;
  }

  delete(key: string, now: number): boolean {
    const entry = this.#remove(key);
    return entry !== undefined && entry.expiresAt > now;
  }

  evict(): void {
    const { value: oldest } = this.#entries.keys().next();
    if (oldest !== undefined) this.#remove(oldest);
  }

  #remove(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.sizeBytes -= entry.sizeBytes;
    }
    return entry;
  }
}
