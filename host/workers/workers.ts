import { isDeepStrictEqual } from "node:util";
import type { InstanceFactory } from "../engine/plugin-instance.ts";
import { type RemoteInstancesOptions, WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";

/** The pool of threads that holds now. A generation stays in the one in which it began. */
export class Workers implements AsyncDisposable {
  #options: WorkerPoolOptions;
  #pool: WorkerPool;
  readonly #retired = new Set<WorkerPool>();

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#pool = new WorkerPool(options);
  }

  /** Has others threads be made for the generations from now on. The old ones end with those that live in them. */
  use(options: WorkerPoolOptions): void {
    if (isDeepStrictEqual(options, this.#options)) return;
    this.#retired.add(this.#pool);
    this.#pool.retire();
    this.#options = options;
    this.#pool = new WorkerPool(options);
  }

  /** @throws HostError WORKER_HEAP_SMALL */
  instancesOf(options: RemoteInstancesOptions): Promise<InstanceFactory> {
    return this.#pool.instancesOf(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from([this.#pool, ...this.#retired], (pool) => pool[Symbol.asyncDispose]()));
  }
}
