import { AbiViolation } from "./abi-violation.ts";

interface Held {
  readonly value: Disposable;
  /** What it is one of: `connection`. */
  readonly resource: string;
}

/** What an instance holds handles of. Handles are numbers from 1 on; one that was dropped is given out anew. */
export class HandleTable {
  readonly #held: (Held | undefined)[] = [undefined];
  readonly #free: number[] = [];

  add(value: Disposable, resource: string): number {
    const handle = this.#free.pop() ?? this.#held.length;
    this.#held[handle] = { value, resource };
    return handle;
  }

  /** @throws AbiViolation when it is none of such a resource */
  at(handle: number, resource: string): Disposable {
    const held = this.#held[handle];
    if (held?.resource === resource) return held.value;
    throw new AbiViolation(`${handle} is no handle of a ${resource}`);
  }

  /** Disposes of what the handle stood for. */
  drop(handle: number, resource: string): void {
    const value = this.at(handle, resource);
    this.#held[handle] = undefined;
    this.#free.push(handle);
    value[Symbol.dispose]();
  }
}
