import { constants } from "node:sqlite";

/** What preparing a statement told about it. */
export interface StatementFacts {
  /** Whether it inserts, updates or deletes rows, and not only those of the schema. */
  readonly changesRows: boolean;
  /** Whether it is allowed only where it was prepared, and must not be kept. */
  readonly allowedOnce: boolean;
}

/** Pragmas that tell about or check this database; those with `set` may also be given a value. */
const PRAGMAS = new Map<string, "ask" | "set">(
  Object.entries({
    analysis_limit: "set",
    application_id: "set",
    collation_list: "ask",
    compile_options: "ask",
    data_version: "ask",
    defer_foreign_keys: "set",
    encoding: "ask",
    foreign_key_check: "set",
    foreign_key_list: "set",
    foreign_keys: "set",
    freelist_count: "ask",
    function_list: "ask",
    index_info: "set",
    index_list: "set",
    index_xinfo: "set",
    integrity_check: "set",
    journal_mode: "ask",
    max_page_count: "ask",
    optimize: "set",
    page_count: "ask",
    page_size: "ask",
    quick_check: "set",
    recursive_triggers: "set",
    schema_version: "ask",
    synchronous: "ask",
    table_info: "set",
    table_list: "set",
    table_xinfo: "set",
    user_version: "set",
  }),
);

const VIRTUAL_TABLES = new Set(["fts3", "fts4", "fts5", "fts5vocab", "rtree", "rtree_i32", "geopoly"]);

const FUNCTIONS_REFUSED = new Set(["load_extension", "fts3_tokenizer"]);

const ROW_CHANGES = new Set([constants.SQLITE_INSERT, constants.SQLITE_UPDATE, constants.SQLITE_DELETE]);

const SCHEMA_CHANGES = new Set([
  constants.SQLITE_ALTER_TABLE,
  constants.SQLITE_ANALYZE,
  constants.SQLITE_CREATE_INDEX,
  constants.SQLITE_CREATE_TABLE,
  constants.SQLITE_CREATE_TEMP_INDEX,
  constants.SQLITE_CREATE_TEMP_TABLE,
  constants.SQLITE_CREATE_TEMP_TRIGGER,
  constants.SQLITE_CREATE_TEMP_VIEW,
  constants.SQLITE_CREATE_TRIGGER,
  constants.SQLITE_CREATE_VIEW,
  constants.SQLITE_CREATE_VTABLE,
  constants.SQLITE_DROP_INDEX,
  constants.SQLITE_DROP_TABLE,
  constants.SQLITE_DROP_TEMP_INDEX,
  constants.SQLITE_DROP_TEMP_TABLE,
  constants.SQLITE_DROP_TEMP_TRIGGER,
  constants.SQLITE_DROP_TEMP_VIEW,
  constants.SQLITE_DROP_TRIGGER,
  constants.SQLITE_DROP_VIEW,
  constants.SQLITE_DROP_VTABLE,
]);

/**
 * Which parts of SQL a guest may use: SQLite asks it about each thing that a statement would do.
 *
 * Refused is what reaches beyond this database: other files, extensions, settings of the process; and BEGIN,
 * COMMIT and ROLLBACK, which belong to the host so that it can end what a guest leaves open.
 *
 * @see https://sqlite.org/c3ref/set_authorizer.html
 */
export class SqlPolicy {
  /** Why the last statement was refused, if it was. */
  refusal: string | undefined;
  #phase: "prepare" | "run" | "host" = "run";
  #inTransaction = false;
  #changesRows = false;
  #changesSchema = false;
  #allowedOnce = false;

  /** Watches over the preparation of a guest's statement and tells what it learned. */
  prepare<T>(inTransaction: boolean, prepare: () => T): { statement: T; facts: StatementFacts } {
    this.#inTransaction = inTransaction;
    this.#changesRows = this.#changesSchema = this.#allowedOnce = false;
    const statement = this.#in("prepare", prepare);
    const changesRows = this.#changesRows && !this.#changesSchema;
    return { statement, facts: { changesRows, allowedOnce: this.#allowedOnce } };
  }

  /** Lets the host's own statements pass. */
  allow<T>(run: () => T): T {
    return this.#in("host", run);
  }

  readonly authorize = (action: number, first: string | null, second: string | null): number => {
    if (this.#phase === "host") return constants.SQLITE_OK;
    if (SCHEMA_CHANGES.has(action)) this.#changesSchema = true;
    if (ROW_CHANGES.has(action) && first !== "sqlite_master" && first !== "sqlite_temp_master") {
      this.#changesRows = true;
    }
    const refusal = this.#judge(action, first, second);
    this.refusal ??= refusal;
    return refusal === undefined ? constants.SQLITE_OK : constants.SQLITE_DENY;
  };

  #judge(action: number, first: string | null, second: string | null): string | undefined {
    switch (action) {
      case constants.SQLITE_PRAGMA: {
        const use = PRAGMAS.get(first?.toLowerCase() ?? "");
        return use === "set" || (use === "ask" && second === null) ? undefined : `PRAGMA ${first}`;
      }
      case constants.SQLITE_ATTACH:
        // VACUUM attaches a database without a name while it runs.
        return this.#phase === "run" && first === "" ? undefined : "Reaching another database";
      case constants.SQLITE_DETACH:
        return "DETACH";
      case constants.SQLITE_FUNCTION:
        return FUNCTIONS_REFUSED.has(second ?? "") ? `The function ${second}` : undefined;
      case constants.SQLITE_CREATE_VTABLE:
        return VIRTUAL_TABLES.has((second ?? "").toLowerCase()) ? undefined : "A virtual table of this kind";
      case constants.SQLITE_TRANSACTION:
        return this.#phase === "run"
          ? undefined
          : `${first} as a statement (use the contract's transactions)`;
      case constants.SQLITE_SAVEPOINT:
        this.#allowedOnce = true;
        return this.#inTransaction ? undefined : "A savepoint outside a transaction";
      default:
        return undefined;
    }
  }

  #in<T>(phase: "prepare" | "host", run: () => T): T {
    this.#phase = phase;
    try {
      return run();
    } finally {
      this.#phase = "run";
    }
  }
}
