/** How many resources of WASI one instance may hold at once. A handle costs it nothing, and the host memory. */
export const MAX_RESOURCES = 1_000;

/** Of all headers that one instance holds at once. */
const MAX_FIELD_BYTES = 2 ** 20;

/** What an instance holds of WASI: counted, and what goes on by itself ended with it. */
export class WasiResources implements Disposable {
  readonly #fault: (reason: string) => Error;
  readonly #begun = new Set<Disposable>();
  #disposed = false;
  #held = 0;
  #fieldBytes = 0;

  /** @param fault Ends the instance. What it returns is thrown into the plugin. */
  constructor(fault: (reason: string) => Error) {
    this.#fault = fault;
  }

  /** How many the instance holds. */
  get held(): number {
    return this.#held;
  }

  /** Counts one more resource, and the headers in it. */
  hold(fieldBytes = 0): void {
    this.#held++;
    if (this.#held > MAX_RESOURCES)
      throw this.misused(`more than ${MAX_RESOURCES} resources are held at once`);
    this.chargeFields(fieldBytes);
  }

  /** Counts what is added to headers, or, below zero, taken from them. */
  chargeFields(bytes: number): void {
    this.#fieldBytes += bytes;
    if (this.#fieldBytes > MAX_FIELD_BYTES) {
      throw this.misused(`the headers that are held at once have more than ${MAX_FIELD_BYTES} bytes`);
    }
  }

  /** One of them was given back, or handed over. */
  release(fieldBytes = 0): void {
    this.#held--;
    this.#fieldBytes -= fieldBytes;
  }

  /** Ends the instance, which has broken the rules of WASI. */
  misused(reason: string): Error {
    return this.#fault(reason);
  }

  /** Something that goes on by itself has begun: a timer, an open file. If the instance has ended, it is, too. */
  began(begun: Disposable): void {
    if (this.#disposed) begun[Symbol.dispose]();
    else this.#begun.add(begun);
  }

  /** It has ended. */
  ended(begun: Disposable): void {
    this.#begun.delete(begun);
  }

  /** Nothing of the instance keeps the host busy any more. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const begun of this.#begun) begun[Symbol.dispose]();
    this.#begun.clear();
  }
}
