import { availableParallelism } from "node:os";
import type { WorkerSettings } from "./settings.ts";

/** The threads of a host whose settings say nothing of them. */
export function defaultWorkerSettings(): WorkerSettings {
  return { threads: availableParallelism(), heapBytes: 512 * 2 ** 20 };
}
