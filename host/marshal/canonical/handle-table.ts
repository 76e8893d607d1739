import { AbiViolation } from "./abi-violation.ts";

interface Held {
  readonly value: unknown;
  /** What it is one of: `connection`. */
  readonly resource: string;
}

/** What an instance holds handles of. Handles are numbers from 1 on; one that was dropped is given out anew. */
export class HandleTable {
  readonly #held: (Held | undefined)[] = [undefined];
  readonly #free: number[] = [];

  add(value: unknown, resource: string): number {
    const handle = this.#free.pop() ?? this.#held.length;
    this.#held[handle] = { value, resource };
    return handle;
  }

  /** @throws AbiViolation when it is none of such a resource */
  at(handle: number, resource: string): unknown {
    const held = this.#held[handle];
    if (held?.resource === resource) return held.value;
    throw new AbiViolation(`${handle} is no handle of a ${resource}`);
  }

  /** What the handle stood for, which the instance holds no more. @throws AbiViolation as `at` does */
  take(handle: number, resource: string): unknown {
    const value = this.at(handle, resource);
    this.#held[handle] = undefined;
    this.#free.push(handle);
    return value;
  }

  /** Disposes of what the handle stood for. @throws AbiViolation as `at` does */
  drop(handle: number, resource: string): void {
    (this.take(handle, resource) as Partial<Disposable>)[Symbol.dispose]?.();
  }
}
