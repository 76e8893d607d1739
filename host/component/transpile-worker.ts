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

/** What it answers, and by how much the process grew meanwhile. */
export type TranspileReply = { readonly grownBytes: number } & TranspileOutcome;

type TranspileOutcome =
  | { readonly transpiled: TranspiledComponent; readonly failure?: undefined }
  | {
      readonly transpiled?: undefined;
      readonly failure: Pick<HostError, "code" | "details">;
    };

parentPort?.on("message", (request: TranspileRequest) => {
  void reply(request).then((answer) => parentPort?.postMessage(answer));
});

async function reply(request: TranspileRequest): Promise<TranspileReply> {
  await $init;
  const before = memoryUsage.rss();
  const outcome = await transpile(request);
  return { ...outcome, grownBytes: memoryUsage.rss() - before };
}

async function transpile(request: TranspileRequest): Promise<TranspileOutcome> {
  const { kind, bytes, file, limits, asyncImports, asyncExports } = request;
  try {
    if (kind === "plain-module") {
      const modules = new Map([[PLAIN_MODULE, instrument(bytes, file, limits).bytes]]);
      return { transpiled: { source: undefined, component: undefined, modules } };
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
      transpiled: {
        source: new TextDecoder().decode(source),
        component,
        modules: new Map(modules.map(([name, module]) => [name, instrument(module, file, limits).bytes])),
      },
    };
  } catch (error) {
    if (HostError.is(error)) return { failure: { code: error.code, details: error.details } };
    return { failure: { code: "COMPONENT_INVALID", details: { file, reason: messageOf(error) } } };
  }
}
