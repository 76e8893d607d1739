/** What a scope closes. */
type Closer = () => void | Promise<void>;

/**
 * Owns what was opened and closes it in reverse order, once.
 *
 * Every closer runs, whatever the others do; if some fail, `close` rejects with the one failure or with an
 * `AggregateError` of all.
 */
export class Scope implements AsyncDisposable {
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Adds something to close. Returns a function that takes it out again, without closing it. */
  defer(closer: Closer): () => void {
    if (this.#closing) throw new Error("This scope is closed already.");
    this.#closers.push(closer);
    return () => {
      const index = this.#closers.indexOf(closer);
      if (index >= 0) this.#closers.splice(index, 1);
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) {
      try {
        await closer();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, "Several things could not be closed.");
  }
}
