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
  readonly #url: string;
  readonly #maxBytes: number;
  #opened: Promise<Opened> | undefined;

  /** @param maxBytes Of a value. */
  constructor(url: string, maxBytes: number) {
    this.#url = url;
    this.#maxBytes = maxBytes;
  }

  /** The service `cache` on one shelf. */
  serviceFor(shelf: string): CacheService {
    const nameOf = (key: string) => {
      if (key.length <= MAX_KEY_LENGTH) return `tusk:${shelf}:${key}`;
      throw new ServiceError("limit-exceeded", `A key has ${MAX_KEY_LENGTH} characters at most.`);
    };
    return {
      get: async (key) => {
        const name = nameOf(key);
        const packed = await this.#ask(({ bytes }) => bytes.get(name));
        return packed === null ? undefined : decodeJson(packed);
      },
      set: async (key, value, ttlMs) => {
        const packed = Buffer.from(encodeJson(value));
        if (packed.length > this.#maxBytes) {
          const message = `The value takes ${packed.length} bytes; the cache holds ${this.#maxBytes}.`;
          throw new ServiceError("limit-exceeded", message);
        }
        const name = nameOf(key);
        if (ttlMs === 0) await this.#ask(({ client }) => client.del(name));
        else await this.#ask(({ client }) => client.set(name, packed, expiry(ttlMs)));
      },
      delete: async (key) => {
        const name = nameOf(key);
        return (await this.#ask(({ client }) => client.del(name))) > 0;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened;
    if (!opened) return;
    opened.client.destroy();
    await opened.connected;
  }

  async #ask<T>(command: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = await (this.#opened ??= open(this.#url));
    try {
      if (!opened.client.isReady) await inTime(opened.connected);
      return await inTime(command(opened));
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      throw new ServiceError("unavailable", "The cache's server cannot be reached.", { cause });
    }
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

/** The library is loaded by who needs it, since that takes a quarter of a second. */
async function open(url: string) {
  const { createClient, RESP_TYPES } = await import("@redis/client");
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: () => RETRY_MS },
  });
  // Whoever asks is told.
  client.on("error", () => undefined);
  // It is tried until it succeeds, or the client is destroyed.
  const connected = client.connect().catch(() => undefined);
  return { client, connected, bytes: client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }) };
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
