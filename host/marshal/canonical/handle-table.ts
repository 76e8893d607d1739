import { AbiViolation } from "./abi-violation.ts";

interface Held {
  readonly value: unknown;
  /** What it is one of: `connection`. */
  readonly resource: string;
}

/** How many handles an instance may hold at once. They cost it nothing, and the host memory. */
const MAX_HANDLES = 2_000;

/** What an instance holds handles of. Handles are numbers from 1 on; one that was dropped is given out anew. */
export class HandleTable {
  readonly #held: (Held | undefined)[] = [undefined];
  readonly #free: number[] = [];

  /** @throws AbiViolation when there are too many */
  add(value: unknown, resource: string): number {
    const handle = this.#free.pop() ?? this.#held.length;
    if (handle > MAX_HANDLES) throw new AbiViolation(`it holds more than ${MAX_HANDLES} handles at once`);
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
