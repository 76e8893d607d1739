import { backup, DatabaseSync, type SQLInputValue } from "node:sqlite";
import { Packr, Unpackr } from "msgpackr";

const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "auto" as "bigint" });

// Copies, for a Buffer is not equal to the same bytes, and msgpackr leaves a mark on what it reads.
export const encode = (value: unknown): Uint8Array => Uint8Array.from(packr.pack(value));
export const decode = (bytes: Uint8Array): unknown => unpackr.unpack(Uint8Array.from(bytes));

/** A line of a plugin's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

/** The contract's services in the form in which bindings import them, the database on SQLite in memory. */
export function plainServices(
  settings: object,
  log: LogLine[],
  statements: string[],
): Record<string, object> {
  const kept = new Map<string, Uint8Array>();
  const open = database(statements);
  return {
    "tusk:plugin/config": {
      get: (key: string) => {
        const value = key
          .split(".")
          .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], settings);
        return value === undefined ? undefined : encode(value);
      },
      all: () => encode(settings),
    },
    "tusk:plugin/logger": {
      log: (level: string, message: string, fields: Uint8Array | undefined) =>
        log.push({ level, message, fields: fields && decode(fields) }),
    },
    "tusk:plugin/clock": { nowMs: () => 1_800_000_000_000n, monotonicNs: () => 2n ** 63n },
    "tusk:plugin/random": { getBytes: (length: number) => new Uint8Array(length).fill(7), getU64: () => 7n },
    "tusk:plugin/cache": {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: Uint8Array) => void kept.set(key, value),
      delete: async (key: string) => kept.delete(key),
    },
    "tusk:plugin/database": open,
    "tusk:plugin/http-client": {
      send: async (request: { method: string; url: string; body: Uint8Array }) => ({
        status: 202,
        headers: [{ name: "x-method", value: request.method }],
        body: request.body,
      }),
    },
    "tusk:plugin/timer": { sleep: async () => undefined },
    "tusk:plugin/mail": { send: async () => undefined, verify: async () => undefined },
    "tusk:plugin/peers": {
      call: async (plugin: string, capability: string, name: string, args: Uint8Array) => {
        if (plugin !== "there") throw { tag: "not-found", val: `no plugin ${plugin}` };
        return encode([capability, name, decode(args)]);
      },
    },
  };
}

/** A database as the contract has it, on SQLite in memory. */
function database(statements: string[]): object {
  class Statements {
    readonly sqlite: DatabaseSync;
    constructor(sqlite: DatabaseSync) {
      this.sqlite = sqlite;
    }
    async query(sql: string, params: Uint8Array) {
      statements.push(sql);
      try {
        return encode(this.sqlite.prepare(sql).all(...(decode(params) as SQLInputValue[])));
      } catch (error) {
        throw refuse(error);
      }
    }
    async execute(sql: string, params: Uint8Array) {
      statements.push(sql);
      try {
        return BigInt(this.sqlite.prepare(sql).run(...(decode(params) as SQLInputValue[])).changes);
      } catch (error) {
        throw refuse(error);
      }
    }
  }
  class Transaction extends Statements {
    #open = true;
    #end(sql: string) {
      if (this.#open) this.sqlite.exec(sql);
      this.#open = false;
    }
    async commit() {
      this.#end("COMMIT");
    }
    async rollback() {
      this.#end("ROLLBACK");
    }
    [Symbol.dispose]() {
      this.#end("ROLLBACK");
    }
  }
  class Connection extends Statements {
    async begin() {
      this.sqlite.exec("BEGIN");
      return new Transaction(this.sqlite);
    }
    async backup(path: string) {
      await backup(this.sqlite, path);
    }
    [Symbol.dispose]() {
      statements.push("closed");
    }
  }
  const sqlite = new DatabaseSync(":memory:");
  return {
    open: async (name: string) => {
      if (name !== "main") throw { tag: "not-found", val: `no database ${name}` };
      return new Connection(sqlite);
    },
    Connection,
    Transaction,
  };
}

/** What Rust's standard library may link in on wasm32-wasip2, with nothing behind it. */
export async function emptyWasi(): Promise<Record<string, object>> {
  const shim = new URL("../browser/", import.meta.resolve("@bytecodealliance/preview2-shim"));
  const wasi: Record<string, object> = {};
  for (const name of ["cli", "clocks", "filesystem", "io", "random"]) {
    const interfaces = (await import(new URL(`${name}.js`, shim).href)) as Record<string, object>;
    for (const [member, implementation] of Object.entries(interfaces)) {
      const kebab = member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      wasi[`wasi:${name}/${kebab}`] = implementation;
    }
  }
  return wasi;
}

function refuse(error: unknown): object {
  return { tag: "invalid-input", val: String(error) };
}
