import type { WitFunction } from "../../wasm/wiring/wit-type.ts";
import { codecOf } from "./codec-of.ts";
import { alignedTo, type Codec, type CoreValue } from "./codec.ts";
import type { Guest } from "./guest.ts";

/** More core values than this are passed in memory. */
const MAX_FLAT = { params: 16, results: 1 } as const;

/** How the parameters and the result of a function cross, in either direction. */
export class Signature {
  readonly #params: readonly { readonly codec: Codec; readonly offset: number }[];
  readonly #result: Codec | undefined;
  readonly #flatParams: number;
  /** Of all parameters together, where they are passed in memory. */
  readonly #sizeBytes: number;
  readonly #align: number;

  constructor({ params, result }: WitFunction) {
    let end = 0;
    this.#params = params.map(codecOf).map((codec) => {
      const offset = alignedTo(end, codec.align);
      end = offset + codec.sizeBytes;
      return { codec, offset };
    });
    this.#result = result && codecOf(result);
    this.#flatParams = this.#params.reduce((sum, { codec }) => sum + codec.flat.length, 0);
    this.#align = Math.max(1, ...this.#params.map(({ codec }) => codec.align));
    this.#sizeBytes = alignedTo(end, this.#align);
  }

  /** Arguments for a function of the plugin. */
  lowerParams(guest: Guest, args: readonly unknown[]): CoreValue[] {
    const into: CoreValue[] = [];
    if (this.#flatParams <= MAX_FLAT.params) {
      for (const [i, { codec }] of this.#params.entries()) codec.lower(guest, args[i], into);
      return into;
    }
    const at = guest.memory.allocate(this.#sizeBytes, this.#align);
    for (const [i, { codec, offset }] of this.#params.entries()) codec.store(guest, at + offset, args[i]);
    into.push(at);
    return into;
  }

  /** What a function of the plugin gave. */
  liftResult(guest: Guest, given: CoreValue | undefined): unknown {
    const codec = this.#result;
    if (!codec) return undefined;
    if (codec.flat.length <= MAX_FLAT.results) {
      return codec.lift(guest, { values: given === undefined ? [] : [given], next: 0 });
    }
    const at = Number(given) >>> 0;
    guest.memory.verify(at, codec.sizeBytes, codec.align);
    return codec.load(guest, at);
  }

  /** Arguments that the plugin passed to a function of the host. */
  liftParams(guest: Guest, values: readonly CoreValue[]): unknown[] {
    if (this.#flatParams <= MAX_FLAT.params) {
      const args = { values, next: 0 };
      return this.#params.map(({ codec }) => codec.lift(guest, args));
    }
    const at = Number(values[0]) >>> 0;
    guest.memory.verify(at, this.#sizeBytes, this.#align);
    return this.#params.map(({ codec, offset }) => codec.load(guest, at + offset));
  }

  /**
   * What the plugin gets of a function of the host.
   *
   * @param values The arguments that it passed: the last one is where a result goes that is too large.
   */
  lowerResult(guest: Guest, result: unknown, values: readonly CoreValue[]): CoreValue | undefined {
    const codec = this.#result;
    if (!codec) return undefined;
    if (codec.flat.length <= MAX_FLAT.results) {
      const into: CoreValue[] = [];
      codec.lower(guest, result, into);
      return into[0];
    }
    const at = Number(values.at(-1)) >>> 0;
    guest.memory.refresh();
    guest.memory.verify(at, codec.sizeBytes, codec.align);
    codec.store(guest, at, result);
    return undefined;
  }
}

const signatures = new WeakMap<WitFunction, Signature>();

/** The signature of a function's type, made when it is first asked for. */
export function signatureOf(type: WitFunction): Signature {
  const known = signatures.get(type);
  if (known) return known;
  const signature = new Signature(type);
  signatures.set(type, signature);
  return signature;
}
