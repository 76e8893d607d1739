import { extname } from "node:path";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";
import type { AscAnswer, AscRequest } from "./asc-worker.ts";

/**
 * Compiles in a worker of its own, which ends afterwards and with it whatever the compiler has left behind.
 *
 * Rejects with an `Error` that says what the compiler printed, if it crashed.
 */
export async function runAsc(request: AscRequest): Promise<AscAnswer> {
  // The worker's module has the extension that this one has: `.ts` in the repository, `.js` when published.
  const module = new URL(`./asc-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(module, { workerData: request, stdout: true, stderr: true });
  const printed = text(worker.stderr);
  const answer = await new Promise<AscAnswer | undefined>((done, fail) => {
    worker.once("message", done);
    worker.once("error", fail);
    worker.once("exit", () => done(undefined));
  });
  await worker.terminate();
  if (!answer) throw new Error(`The compiler crashed. ${await printed}`);
  return answer;
}
