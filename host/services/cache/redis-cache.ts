import { createClient, RESP_TYPES } from "@redis/client";
import type { CacheService } from "../../component/contract/services.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import { decodeJson, encodeJson } from "../../marshal/json.ts";

/** A command that takes longer has failed, and so has a connection. */
const TIMEOUT_MS = 2_000;

/** From one attempt to connect to the next. */
const RETRY_MS = 500;

/** Nobody needs a longer one, and a server would keep it all. */
const MAX_KEY_LENGTH = 1_024;

/**
 * The values that plugins keep for a while, in a Redis server, which several hosts may share. How much is kept is the
 * server's to say (`maxmemory`). While it cannot be reached every answer is `unavailable`; it is tried again by
 * itself.
 */
export class RedisCache implements AsyncDisposable {
  readonly #client;
  readonly #maxBytes: number;
  #connecting: Promise<unknown> | undefined;

  /** @param maxBytes Of a value. */
  constructor(url: string, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#client = createClient({
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: () => RETRY_MS },
    });
    // Whoever asks is told.
    this.#client.on("error", () => undefined);
  }

  /** The service `cache` on one shelf. */
  serviceFor(shelf: string): CacheService {
    const nameOf = (key: string) => {
      if (key.length <= MAX_KEY_LENGTH) return `tusk:${shelf}:${key}`;
      throw new ServiceError("limit-exceeded", `A key has ${MAX_KEY_LENGTH} characters at most.`);
    };
    return {
      get: async (key) => {
        const bytes = this.#client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
        const packed = await this.#ask(() => bytes.get(nameOf(key)));
        return packed === null ? undefined : decodeJson(packed);
      },
      set: async (key, value, ttlMs) => {
        const packed = Buffer.from(encodeJson(value));
        if (packed.length > this.#maxBytes) {
          const message = `The value takes ${packed.length} bytes; the cache holds ${this.#maxBytes}.`;
          throw new ServiceError("limit-exceeded", message);
        }
        const name = nameOf(key);
        if (ttlMs === 0) await this.#ask(() => this.#client.del(name));
        else await this.#ask(() => this.#client.set(name, packed, expiry(ttlMs)));
      },
      delete: async (key) => (await this.#ask(() => this.#client.del(nameOf(key)))) > 0,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#connecting === undefined) return;
    this.#client.destroy();
    await this.#connecting;
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    // It never fails for as long as it is tried again, so the first command does not wait for longer than others.
    this.#connecting ??= this.#client.connect().catch(() => undefined);
    try {
      if (!this.#client.isReady) await inTime(this.#connecting);
      return await inTime(command());
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      throw new ServiceError("unavailable", "The cache's server cannot be reached.", { cause });
    }
  }
}

/** The longest that Redis takes is 2^63 ms from 1970; what is longer than a century need not expire. */
function expiry(ttlMs: number | undefined): object {
  const centuryMs = 100 * 365 * 24 * 3_600_000;
  return ttlMs === undefined || ttlMs > centuryMs ? {} : { expiration: { type: "PX", value: ttlMs } };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("It took too long.")), TIMEOUT_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
