import { compileFunction } from "node:vm";
import { $init, generate } from "@bytecodealliance/jco-transpile/component";
import { Packr } from "msgpackr";
import type { ErrorCase, Exports, Services } from "./contract-types.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: "bigint" });

/** A value in MessagePack, as the contract's `json`. */
export function json(plain: unknown): Uint8Array {
  return new Uint8Array(packr.pack(plain));
}

/** What a `json` holds. */
export function value(bytes: Uint8Array): unknown {
  return packr.unpack(bytes);
}

/** The error of a `result`, as a service throws it. */
export function failure(tag: ErrorCase, val: string): { payload: { tag: ErrorCase; val: string } } {
  return { payload: { tag, val } };
}

/** An instance of a component, with what it logged and the memory that it has. */
export interface Instance {
  readonly exports: Exports;
  readonly logged: { level: string; message: string; fields: unknown }[];
  readonly memoryBytes: () => number;
}

type Instantiate = (
  getCoreModule: (name: string) => WebAssembly.Module,
  imports: Record<string, unknown>,
  instantiateCore: (module: WebAssembly.Module, imports: WebAssembly.Imports) => WebAssembly.Instance,
) => Exports;

/** Makes it possible to instantiate a component, without the host, whose rooms stand above this one. */
export async function load(component: Uint8Array): Promise<(services?: Partial<Services>) => Instance> {
  await $init;
  const { files } = generate(component, {
    name: "plugin",
    instantiation: { tag: "sync" },
    noTypescript: true,
    noNodejsCompat: true,
    base64Cutoff: 0,
  });
  const modules = new Map(
    files
      .filter(([name]) => name.endsWith(".wasm"))
      .map(([name, bytes]) => [name, new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)]),
  );
  const source = new TextDecoder().decode(files.find(([name]) => name === "plugin.js")?.[1]);
  const body = source.replace(/^export /gm, "").replaceAll("import.meta.url", '"plugin"');
  const instantiate = compileFunction(`${body}\nreturn instantiate;`)() as Instantiate;

  const getCoreModule = (name: string) => modules.get(name) as WebAssembly.Module;
  return (services = {}) => {
    const logged: Instance["logged"] = [];
    const memories: WebAssembly.Memory[] = [];
    const exports = instantiate(
      getCoreModule,
      { ...defaults(logged), ...named(services) },
      (module, imports) => {
        const instance = new WebAssembly.Instance(module, imports);
        if (instance.exports["memory"]) memories.push(instance.exports["memory"] as WebAssembly.Memory);
        return instance;
      },
    );
    return {
      exports,
      logged,
      memoryBytes: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    };
  };
}

function defaults(logged: Instance["logged"]): Record<string, unknown> {
  const services: Pick<Services, "logger" | "clock" | "random"> = {
    logger: {
      log: (level, message, fields) => void logged.push({ level, message, fields: fields && value(fields) }),
    },
    clock: { nowMs: () => 1_763_838_654_123n, monotonicNs: () => 5_000_000_000n },
    random: {
      getBytes: (length) => new Uint8Array(length).fill(7),
      getU64: () => 0x0123_4567_89ab_cdefn,
    },
  };
  return named(services);
}

function named(services: Partial<Services>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [`tusk:plugin/${kebab(name)}`, service]),
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
