import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { HostError } from "../core/error.ts";
import type { InstrumentOptions } from "../wasm/instrument.ts";
import { EXPORTS } from "./contract/exports.ts";
import { SERVICES } from "./contract/services.ts";
import { interfaceName } from "./contract/version.ts";
import type { PluginKind } from "./plugin-kind.ts";
import type { PluginShape } from "./shape.ts";
import type { TranspileReply, TranspileRequest } from "./transpile-worker.ts";
import { wasiWaits } from "./wasi-names.ts";

/** A component taken apart: the JavaScript that links it, and its core modules, ready to be compiled. */
export interface TranspiledComponent {
  /** The text of a module that exports `instantiate`. There is none for a plain core module. */
  readonly source: string | undefined;
  /** What was made of a core module that describes its component. */
  readonly component: Uint8Array | undefined;
  /** Core modules by the names under which `source` asks for them, rewritten to keep their limits. */
  readonly modules: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** What a component is made ready for. */
export interface LoadOptions extends InstrumentOptions {
  /** Whether it was granted a folder: then what it does with files waits. Not by default. */
  readonly files?: boolean | undefined;
}

/** A component that takes longer to transpile is refused. */
const TIME_LIMIT_MS = 60_000;

/** How long the thread is kept when there is nothing to do: it holds some 50 MB. */
const IDLE_MS = 5_000;

/**
 * Transpiles components in a thread of its own, which is started when it is needed and ended when it has
 * been idle for a while.
 */
export class Transpiler implements AsyncDisposable {
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /**
   * @param file What to call the component in messages.
   * @throws HostError COMPONENT_INVALID when `bytes` are no valid component, or none can be made of them
   * @throws HostError PACKAGE_MISSING when a core module needs an adapter that is not installed
   * @throws HostError BINARY_UNSUPPORTED, BINARY_OVER_LIMIT when a core module may not run here
   */
  transpile(
    kind: PluginKind,
    bytes: Uint8Array,
    file: string,
    shape: PluginShape,
    { files = false, ...limits }: LoadOptions,
  ): Promise<TranspiledComponent> {
    const request: TranspileRequest = { kind, bytes, file, limits, ...waits(shape, files) };
    const reply = this.#last.then(() => this.#ask(request));
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    // At once, so that nobody is given a thread that is ending.
    this.#worker = undefined;
    await worker?.terminate();
  }

  /** The next request gets a new thread. */
  async #discard(worker: Worker): Promise<void> {
    if (this.#worker === worker) this.#worker = undefined;
    await worker.terminate();
  }

  async #ask(request: TranspileRequest): Promise<TranspiledComponent> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= startWorker());
    try {
      const reply = await replyOf(worker, request);
      if (reply.spent) await this.#discard(worker);
      if (reply.failure) throw new HostError(reply.failure.code, reply.failure.details);
      return reply.transpiled;
    } catch (error) {
      if (HostError.is(error)) throw error;
      // The thread is in an unknown state.
      await this.#discard(worker);
      throw new HostError(
        "COMPONENT_INVALID",
        { file: request.file, reason: String(error) },
        { cause: error },
      );
    } finally {
      this.#idle = setTimeout(() => void this[Symbol.asyncDispose](), IDLE_MS);
      this.#idle.unref();
    }
  }
}

function startWorker(): Worker {
  const worker = new Worker(new URL(`./transpile-worker${extname(import.meta.url)}`, import.meta.url), {
    // Flags such as --input-type are meant for the program.
    execArgv: [],
    env: {},
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  return worker;
}

async function replyOf(worker: Worker, request: TranspileRequest): Promise<TranspileReply> {
  const { promise, resolve, reject } = Promise.withResolvers<TranspileReply>();
  const timer = setTimeout(
    () => reject(new Error(`It took longer than ${TIME_LIMIT_MS / 1000} s to transpile.`)),
    TIME_LIMIT_MS,
  );
  const exited = () => reject(new Error("The thread that transpiles ended."));
  worker.ref();
  worker.once("message", resolve).once("error", reject).once("exit", exited);
  worker.postMessage(request);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.off("message", resolve).off("error", reject).off("exit", exited);
    worker.unref();
  }
}

/** Which functions wait, in the form in which the bindings' generator wants to know. */
function waits(shape: PluginShape, files: boolean): Pick<TranspileRequest, "asyncImports" | "asyncExports"> {
  const { contractVersion: version } = shape;
  const asyncImports = shape.services.flatMap((service) => {
    const { functions, resources, waits: mayWait } = SERVICES[service];
    if (!mayWait) return [];
    const methods = Object.entries(resources).flatMap(([resource, itsMethods]) =>
      Object.keys(itsMethods).map((method) => `[method]${resource}.${method}`),
    );
    return [...Object.keys(functions), ...methods].map(
      (name) => `${interfaceName(service, version)}#${name}`,
    );
  });
  const asyncExports = shape.exports.flatMap((name) =>
    Object.keys(EXPORTS[name] ?? {}).map((functionName) => `${interfaceName(name, version)}#${functionName}`),
  );
  const { handler } = shape;
  return {
    asyncImports: [...asyncImports, ...wasiWaits(shape.wasi, { answers: handler !== undefined, files })],
    asyncExports: handler === undefined ? asyncExports : [`${handler}#handle`],
  };
}
