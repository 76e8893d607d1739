import { EMPTY_ERROR } from "../wasi-error.ts";
import type { WasiResources } from "../wasi-resources.ts";

const NS_PER_MS = 1_000_000n;

/**
 * How long a plugin wants to wait for an answer. Since it gets an answer when all of it is there, the time for the
 * first byte is that for the whole; between bytes there is nothing to wait for.
 *
 * @see https://github.com/WebAssembly/wasi-http/blob/v0.2.8/wit/types.wit `resource request-options`
 */
export class RequestOptions implements Disposable {
  readonly #resources: WasiResources;
  #connectNs: bigint | undefined;
  #firstByteNs: bigint | undefined;

  /** For the plugin there is a constructor without parameters: see `createHttpTypes`. */
  constructor(resources: WasiResources) {
    this.#resources = resources;
    resources.hold();
  }

  /** For the whole exchange, in milliseconds; undefined: as long as the host allows. */
  get timeoutMs(): number | undefined {
    if (this.#firstByteNs === undefined) return undefined;
    return Number((this.#firstByteNs + (this.#connectNs ?? 0n)) / NS_PER_MS);
  }

  connectTimeout(): bigint | undefined {
    return this.#connectNs;
  }

  setConnectTimeout(duration: bigint | undefined): void {
    this.#connectNs = duration;
  }

  firstByteTimeout(): bigint | undefined {
    return this.#firstByteNs;
  }

  setFirstByteTimeout(duration: bigint | undefined): void {
    this.#firstByteNs = duration;
  }

  betweenBytesTimeout(): undefined {
    return undefined;
  }

  setBetweenBytesTimeout(duration: bigint | undefined): void {
    if (duration !== undefined) throw EMPTY_ERROR;
  }

  [Symbol.dispose](): void {
    this.#resources.release();
  }
}
