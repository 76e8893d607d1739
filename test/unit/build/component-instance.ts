import { $init, generate } from "@bytecodealliance/jco-transpile/component";
import vm from "node:vm";
import { emptyWasi, type LogLine, plainServices } from "./plain-services.ts";

type GuestFunction = (...args: unknown[]) => Promise<unknown>;

type Bind = (
  getCoreModule: (name: string) => WebAssembly.Module,
  imports: object,
  instantiateCore: (module: WebAssembly.Module, imports: WebAssembly.Imports) => WebAssembly.Instance,
) => Record<string, Record<string, GuestFunction>>;

/** An instance of a component with the contract's services, and what can be seen of it from outside. */
export interface ComponentInstance {
  /** Calls an exported function by its JavaScript names. Errors of the contract are thrown as `{tag, val}`. */
  call(exported: string, functionName: string, ...args: unknown[]): Promise<unknown>;
  readonly log: readonly LogLine[];
  /** What its databases were told. */
  readonly statements: readonly string[];
  memoryBytes(): number;
}

const STATEMENTS = ["query", "execute"];

/** The functions that wait, by interface. */
const IMPORTS = {
  cache: ["get", "set", "delete"],
  database: [
    "open",
    ...[...STATEMENTS, "begin", "backup"].map((name) => `[method]connection.${name}`),
    ...[...STATEMENTS, "commit", "rollback"].map((name) => `[method]transaction.${name}`),
  ],
  "http-client": ["send"],
  mail: ["send", "verify"],
  timer: ["sleep"],
  peers: ["call"],
};

const EXPORTS = {
  plugin: ["info", "initialize", "shutdown"],
  state: ["save", "restore"],
  health: ["check"],
  "database-plugin": ["execute-query", "create-table", "backup-database"],
  "http-plugin": ["register-routes", "handle-request"],
  "http-middleware": ["before", "after"],
  "auth-plugin": ["authenticate", "authorize", "get-user-permissions"],
  "notification-plugin": ["send-notification", "supported-channels", "test-connection"],
};

/**
 * Makes a component ready to be instantiated any number of times, with nothing between it and the bindings
 * that jco makes.
 */
export async function transpile(
  component: Uint8Array,
): Promise<(settings?: object) => Promise<ComponentInstance>> {
  await $init;
  const { files } = generate(component, {
    name: "plugin",
    noTypescript: true,
    noNodejsCompat: true,
    noComponentErrorWrapping: true,
    base64Cutoff: 0,
    instantiation: { tag: "sync" },
    asyncMode: { tag: "jspi", val: { imports: namesOf(IMPORTS), exports: namesOf(EXPORTS) } },
  });
  const outputs = new Map(files);
  const source = new TextDecoder().decode(outputs.get("plugin.js"));
  const bind = vm.compileFunction(`${source.replaceAll(/^export /gm, "")}\nreturn instantiate;`)() as Bind;
  const modules = new Map(
    files
      .filter(([name]) => name.endsWith(".wasm"))
      .map(([name, bytes]) => [name, new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)]),
  );
  return (settings = {}) => instantiate(bind, modules, settings);
}

async function instantiate(
  bind: Bind,
  modules: ReadonlyMap<string, WebAssembly.Module>,
  settings: object,
): Promise<ComponentInstance> {
  const log: LogLine[] = [];
  const statements: string[] = [];
  let memory: WebAssembly.Memory | undefined;
  const bound = bind(
    (name) => modules.get(name) as WebAssembly.Module,
    { ...plainServices(settings, log, statements), ...(await emptyWasi()) },
    (module, imports) => {
      const instance = new WebAssembly.Instance(module, imports);
      memory ??= instance.exports["memory"] as WebAssembly.Memory | undefined;
      return instance;
    },
  );
  return {
    call: async (exported, functionName, ...args) => await bound[exported]?.[functionName]?.(...args),
    log,
    statements,
    memoryBytes: () => memory?.buffer.byteLength ?? 0,
  };
}

/** In the form in which the bindings' generator wants them. */
function namesOf(interfaces: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(interfaces).flatMap(([name, functions]) =>
    functions.map((functionName) => `tusk:plugin/${name}@0.1.0#${functionName}`),
  );
}
