import { memoryUsage } from "node:process";
import { parentPort } from "node:worker_threads";
import { $init, generate } from "@bytecodealliance/jco-transpile/component";
import { HostError, messageOf } from "../core/error.ts";
import { instrument, type InstrumentOptions } from "../wasm/instrument.ts";
import { componentize } from "./componentize.ts";
import { PLAIN_MODULE } from "./core-module/plain-module.ts";
import type { PluginKind } from "./plugin-kind.ts";
import type { TranspiledComponent } from "./transpile.ts";

/** What the thread is asked for. */
export interface TranspileRequest {
  readonly kind: PluginKind;
  readonly bytes: Uint8Array;
  readonly file: string;
  readonly limits: InstrumentOptions;
  /** `tusk:plugin/database@0.1.0#open` */
  readonly asyncImports: readonly string[];
  readonly asyncExports: readonly string[];
}

/** What it answers, and whether the thread is not to be asked again. */
export type TranspileReply = { readonly spent: boolean } & (
  | { readonly transpiled: TranspiledComponent; readonly failure?: undefined }
  | { readonly transpiled?: undefined; readonly failure: Pick<HostError, "code" | "details"> }
);

/**
 * A thread that grew by more for one component is spent: the memory of WebAssembly, in which it works, never
 * shrinks, and few damaged bytes may ask for hundreds of megabytes.
 */
const MAX_GROWN_BYTES = 100 * 2 ** 20;

parentPort?.on("message", (request: TranspileRequest) => {
  void reply(request).then((answer) => parentPort?.postMessage(answer));
});

async function reply(request: TranspileRequest): Promise<TranspileReply> {
  await $init;
  const before = memoryUsage.rss();
  const hasGrown = () => memoryUsage.rss() - before > MAX_GROWN_BYTES;
  try {
    return { transpiled: await transpile(request), spent: hasGrown() };
  } catch (error) {
    return { failure: failureOf(error, request.file), spent: !isRefusal(error) || hasGrown() };
  }
}

async function transpile(request: TranspileRequest): Promise<TranspiledComponent> {
  const { kind, bytes, file, limits, asyncImports, asyncExports } = request;
  if (kind === "plain-module") {
    const modules = new Map([[PLAIN_MODULE, instrument(bytes, file, limits).bytes]]);
    return { source: undefined, component: undefined, modules };
  }
  const component = kind === "described-module" ? await componentize(bytes, file) : undefined;
  const { files } = generate(component ?? bytes, {
    name: "plugin",
    noTypescript: true,
    noNodejsCompat: true,
    noComponentErrorWrapping: true,
    base64Cutoff: 0,
    instantiation: { tag: "sync" },
    asyncMode: { tag: "jspi", val: { imports: [...asyncImports], exports: [...asyncExports] } },
  });
  const source = files.find(([name]) => name === "plugin.js")?.[1];
  const modules = files.filter(([name]) => name.endsWith(".wasm"));
  return {
    source: new TextDecoder().decode(source),
    component,
    modules: new Map(modules.map(([name, module]) => [name, instrument(module, file, limits).bytes])),
  };
}

function failureOf(error: unknown, file: string): Pick<HostError, "code" | "details"> {
  if (HostError.is(error)) return { code: error.code, details: error.details };
  return { code: "COMPONENT_INVALID", details: { file, reason: messageOf(error) } };
}

/**
 * Whether the component was looked at and refused. What takes components apart is WebAssembly itself: where it
 * trapped instead, it answers nobody any more.
 */
function isRefusal(error: unknown): boolean {
  const thrown = HostError.is(error) ? error.cause : error;
  return thrown === undefined || (thrown instanceof Error && "payload" in thrown);
}
