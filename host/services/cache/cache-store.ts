import { Buffer } from "node:buffer";
import { LRUCache } from "lru-cache";
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

/** One plugin's values, as MessagePack. */
type Shelf = LRUCache<string, Uint8Array>;

// What an entry costs beside its key and value, so that many empty ones are no way around the limit.
const ENTRY_BYTES = 64;

// To the library an entry lives in the last instant of its time, too.
const INSTANT_MS = 0.001;

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
    const shelf = this.#shelves.get(plugin) ?? this.#createShelf();
    this.#shelves.set(plugin, shelf);
    return {
      get: async (key) => {
        const packed = shelf.get(key);
        return packed && decodeJson(packed);
      },
      set: async (key, value, ttlMs) => this.#set(shelf, key, ownBytes(encodeJson(value)), ttlMs),
      delete: async (key) => {
        const isThere = shelf.has(key);
        shelf.delete(key);
        return isThere;
      },
    };
  }

  #createShelf(): Shelf {
    const { maxPluginBytes, maxBytes } = this.#limits;
    return new LRUCache({
      maxSize: Math.min(maxPluginBytes, maxBytes),
      // What was kept at the time 0 would be kept for ever.
      perf: { now: () => this.#clock.monotonic() + 1 },
      ttlResolution: 0,
    });
  }

  #set(shelf: Shelf, key: string, packed: Uint8Array, ttlMs: number | undefined): void {
    const size = packed.length + Buffer.byteLength(key) + ENTRY_BYTES;
    if (size > shelf.maxSize) {
      const reason = `The value takes ${size} bytes; the cache holds ${shelf.maxSize}.`;
      throw new ServiceError("limit-exceeded", reason);
    }
    shelf.set(key, packed, { size, ttl: ttlMs === undefined ? 0 : ttlMs - INSTANT_MS });
    while (this.#sizeBytes() > this.#limits.maxBytes) this.#largest().pop();
  }

  #sizeBytes(): number {
    return this.#shelves.values().reduce((sum, shelf) => sum + shelf.calculatedSize, 0);
  }

  #largest(): Shelf {
    return this.#shelves.values().reduce((a, b) => (b.calculatedSize > a.calculatedSize ? b : a));
  }
}

/** What is packed lies in a buffer of the packer's, which would be kept whole for it: megabytes for a few bytes. */
function ownBytes(packed: Uint8Array): Uint8Array {
  return new Uint8Array(packed);
}
