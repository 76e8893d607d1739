import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Services } from "../../build/contract-types.ts";
import { failure, json, value } from "../../build/instance.ts";

/** The `database` service over one SQLite database in memory, and how many of its resources are open. */
export function sqliteService(): {
  database: Services["database"];
  open: { connections: number; transactions: number };
} {
  const open = { connections: 0, transactions: 0 };
  const sqlite = new DatabaseSync(":memory:");

  class Statements {
    query(sql: string, params: Uint8Array): Uint8Array {
      return attempt(() => json(sqlite.prepare(sql).all(...(value(params) as SQLInputValue[]))));
    }

    execute(sql: string, params: Uint8Array): bigint {
      return attempt(() => BigInt(sqlite.prepare(sql).run(...(value(params) as SQLInputValue[])).changes));
    }
  }

  class Connection extends Statements {
    begin(): Transaction {
      sqlite.exec("BEGIN");
      open.transactions++;
      return new Transaction();
    }

    backup(path: string): void {
      throw failure("denied", `no copy to ${path}`);
    }

    [Symbol.dispose](): void {
      open.connections--;
    }
  }

  class Transaction extends Statements {
    #ended = false;

    commit(): void {
      this.#end("COMMIT");
    }

    rollback(): void {
      this.#end("ROLLBACK");
    }

    [Symbol.dispose](): void {
      open.transactions--;
      if (!this.#ended) this.#end("ROLLBACK");
    }

    #end(sql: string): void {
      sqlite.exec(sql);
      this.#ended = true;
    }
  }

  const database = {
    Connection,
    Transaction,
    open(name: string) {
      if (name !== "main") throw failure("not-found", `no database ${name}`);
      open.connections++;
      return new Connection();
    },
  };
  return { database, open };
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw failure("invalid-input", error instanceof Error ? error.message : String(error));
  }
}
