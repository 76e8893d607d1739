import { extname } from "node:path";
import { text } from "node:stream/consumers";
import { Worker } from "node:worker_threads";
import { systemClock } from "../core/clock.ts";
import type { AscAnswer, AscRequest } from "./asc-worker.ts";

// A compiler that has compiled before takes a third of the time, so the last one is kept for a while. But each
// time it leaves some 20 MB behind.
const KEPT_MS = 30_000;
const MAX_COMPILATIONS = 20;

interface Compiler {
  readonly worker: Worker;
  compilations: number;
}

let idle: { compiler: Compiler; forget: () => void } | undefined;

/**
 * Compiles in a worker. The worker does not keep the process alive once it has answered.
 *
 * Rejects with an `Error` that says what the compiler printed, if it crashed.
 */
export async function runAsc(request: AscRequest): Promise<AscAnswer> {
  const compiler = takeIdle() ?? startCompiler();
  try {
    const answer = await ask(compiler.worker, request);
    compiler.compilations++;
    keep(compiler);
    return answer;
  } catch (error) {
    await compiler.worker.terminate();
    throw error;
  }
}

function startCompiler(): Compiler {
  // The worker's module has the extension that this one has: `.ts` in the repository, `.js` when published.
  const module = new URL(`./asc-worker${extname(import.meta.url)}`, import.meta.url);
  return { worker: new Worker(module, { stdout: true, stderr: true }), compilations: 0 };
}

function takeIdle(): Compiler | undefined {
  if (!idle) return undefined;
  const { compiler, forget } = idle;
  forget();
  idle = undefined;
  compiler.worker.ref();
  return compiler;
}

function keep(compiler: Compiler): void {
  const { worker, compilations } = compiler;
  if (idle || compilations === MAX_COMPILATIONS) {
    void worker.terminate();
    return;
  }
  worker.unref();
  const forget = systemClock.after(KEPT_MS, () => {
    idle = undefined;
    void worker.terminate();
  });
  idle = { compiler, forget };
}

async function ask(worker: Worker, request: AscRequest): Promise<AscAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<AscAnswer>();
  const crashed = () => {
    void text(worker.stderr).then((printed) => reject(new Error(`The compiler crashed. ${printed}`)), reject);
  };
  worker.once("message", resolve).once("error", reject).once("exit", crashed);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
  worker.postMessage(request);
  try {
    return await promise;
  } finally {
    worker.off("message", resolve).off("error", reject).off("exit", crashed);
  }
}
