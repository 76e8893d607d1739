import {
  backup,
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from "node:sqlite";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import { type Binding, bindPlaceholders, findPlaceholders } from "./placeholders.ts";
import type { SqliteOutcome, SqliteRow, SqliteSessionSettings } from "./sqlite-message.ts";
import { SqlPolicy, type StatementFacts } from "./sqlite-policy.ts";
import { refusalOf } from "./sqlite-refusal.ts";
import { fromSqlite, toSqlite } from "./sqlite-values.ts";

const MAX_SQL_LENGTH = 1024 * 1024;
const MAX_KEPT_STATEMENTS = 64;
const MAX_KEPT_SQL_LENGTH = 16 * 1024;

// While a session opens, others may be recovering or creating the same file.
const OPEN_WAIT_MS = 1000;

interface Prepared extends StatementFacts {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
  readonly placeholders: readonly string[];
}

/**
 * One connection to an SQLite file, inside the database process. Its methods throw SQLite's errors and
 * ServiceErrors.
 */
export class SqliteSession {
  readonly #settings: SqliteSessionSettings;
  readonly #database: DatabaseSync;
  readonly #policy = new SqlPolicy();
  /** By their text; the one that was not used for the longest time comes first. */
  readonly #kept = new Map<string, Prepared>();

  constructor(settings: SqliteSessionSettings) {
    this.#settings = settings;
    this.#database = openDatabase(settings);
    this.#database.setAuthorizer(this.#policy.authorize);
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** What the policy refused of the last statement, if it did. */
  get refusal(): string | undefined {
    return this.#policy.refusal;
  }

  query(sql: string, params: readonly JsonValue[]): SqliteOutcome {
    const prepared = this.#prepare(sql);
    const { changesRows, columns } = prepared;
    const collect = (): SqliteRow[] => this.#rows(prepared, params);
    const rows = changesRows && columns.length > 0 ? this.#allOrNothing(collect) : collect();
    // Not as they were prepared: SQLite prepares again by itself when the tables have changed.
    return { type: "rows", columns: namesOf(prepared.statement), rows };
  }

  execute(sql: string, params: readonly JsonValue[]): SqliteOutcome {
    const { statement, placeholders, changesRows } = this.#prepare(sql);
    const { changes } = statement.run(...bound(bindPlaceholders(placeholders, params)));
    // After a statement of another kind SQLite still tells the number of the one before.
    return { type: "changed", count: changesRows ? Number(changes) : 0 };
  }

  begin(): void {
    this.#host(this.#settings.readOnly ? "BEGIN" : "BEGIN IMMEDIATE");
  }

  /** What cannot be committed is rolled back, unless it only has to wait for a lock. */
  commit(): void {
    try {
      this.#host("COMMIT");
    } catch (error) {
      if (refusalOf(error).type !== "busy") this.rollback();
      throw error;
    }
  }

  rollback(): void {
    if (this.inTransaction) this.#host("ROLLBACK");
  }

  /** Writes a copy of the whole database to `file`, as one file that needs no other beside it. */
  async backup(file: string): Promise<void> {
    // All pages in one step: nobody else's change makes it begin again.
    await backup(this.#database, file, { rate: 2 ** 30 });
    const copy = new DatabaseSync(file);
    copy.exec("PRAGMA journal_mode = DELETE");
    copy.close();
  }

  /** Rolls back what is open. */
  close(): void {
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    this.#policy.refusal = undefined;
    const kept = this.#kept.get(sql);
    this.#kept.delete(sql);
    const prepared = kept ?? this.#prepareAnew(sql);
    if (!prepared.allowedOnce && sql.length <= MAX_KEPT_SQL_LENGTH) this.#kept.set(sql, prepared);
    const { value: oldest } = this.#kept.keys().next();
    if (oldest !== undefined && this.#kept.size > MAX_KEPT_STATEMENTS) this.#kept.delete(oldest);
    return prepared;
  }

  #prepareAnew(sql: string): Prepared {
    if (sql.length > MAX_SQL_LENGTH) {
      throw new ServiceError("limit-exceeded", `The statement is longer than ${MAX_SQL_LENGTH} characters.`);
    }
    const text = sql.toWellFormed();
    const { statement, facts } = this.#policy.prepare(this.inTransaction, () => this.#database.prepare(text));
    // node:sqlite prepares the first statement and passes over the others in silence.
    if (!isBlank(text.slice(statement.sourceSQL.length))) {
      throw new ServiceError("invalid-input", "There is more than one statement. Run them one by one.");
    }
    statement.setReturnArrays(true);
    statement.setReadBigInts(true);
    return {
      statement,
      columns: namesOf(statement),
      placeholders: findPlaceholders(statement.sourceSQL),
      ...facts,
    };
  }

  #rows({ statement, placeholders, columns }: Prepared, params: readonly JsonValue[]): SqliteRow[] {
    const { maxRows, maxResultBytes, statementMs } = this.#settings;
    const deadline = performance.now() + statementMs;
    const namesBytes = columns.reduce((sum, name) => sum + name.length, 0);
    const rows: SqliteRow[] = [];
    let bytes = 0;
    const found = statement.iterate(...bound(bindPlaceholders(placeholders, params)));
    // As arrays: `setReturnArrays` is unknown to the types.
    for (const values of found as Iterable<unknown> as Iterable<readonly SQLOutputValue[]>) {
      const row = values.map(fromSqlite);
      bytes += namesBytes + row.reduce<number>((sum, value) => sum + sizeOf(value), 0);
      if (rows.push(row) > maxRows) throw tooMuch(`more than ${maxRows} rows`);
      if (bytes > maxResultBytes) throw tooMuch(`rows of more than ${maxResultBytes} bytes`);
      if (performance.now() > deadline) throw tooSlow(statementMs);
    }
    return rows;
  }

  /** Takes back what `run` changed if it throws. */
  #allOrNothing<T>(run: () => T): T {
    this.#host("SAVEPOINT tusk_statement");
    try {
      const result = run();
      this.#host("RELEASE tusk_statement");
      return result;
    } catch (error) {
      if (this.inTransaction) {
        this.#host("ROLLBACK TO tusk_statement");
        this.#host("RELEASE tusk_statement");
      }
      throw error;
    }
  }

  #host(sql: string): void {
    this.#policy.allow(() => this.#database.exec(sql));
  }
}

function openDatabase(settings: SqliteSessionSettings): DatabaseSync {
  const { file, readOnly, maxResultBytes } = settings;
  const database = new DatabaseSync(file, {
    readOnly,
    timeout: OPEN_WAIT_MS,
    allowExtension: false,
    defensive: true,
    limits: { length: maxResultBytes, sqlLength: 4 * MAX_SQL_LENGTH },
  });
  try {
    if (!readOnly) prepareForWriting(database, settings);
    database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 0");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareForWriting(
  database: DatabaseSync,
  { temporary, maxDatabaseBytes }: SqliteSessionSettings,
): void {
  // A new database is read while it is written; one that exists keeps its mode.
  if (pragma(database, "page_count") === 0) database.exec("PRAGMA journal_mode = WAL");
  if (temporary) database.exec("PRAGMA synchronous = OFF");
  if (Number.isFinite(maxDatabaseBytes)) {
    const pages = Math.floor(maxDatabaseBytes / pragma(database, "page_size"));
    database.exec(`PRAGMA max_page_count = ${pages}`);
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** The arguments with which node:sqlite binds: an object for the placeholders with names, then the others. */
function bound(bindings: readonly Binding[]): [Record<string, SQLInputValue>, ...SQLInputValue[]] {
  const named: Record<string, SQLInputValue> = {};
  const others: SQLInputValue[] = [];
  for (const { placeholder, value } of bindings) {
    if (placeholder === "?") others.push(toSqlite(value));
    else named[placeholder] = toSqlite(value);
  }
  return [named, ...others];
}

function namesOf(statement: StatementSync): readonly string[] {
  return statement.columns().map((column) => column.name);
}

/** Whether there is nothing but space, comments and semicolons. */
function isBlank(sql: string): boolean {
  return /^(?:\s|;|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*$/.test(sql);
}

function sizeOf(value: JsonValue): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.length : 9;
}

function tooMuch(what: string): ServiceError {
  return new ServiceError("limit-exceeded", `The statement gives ${what}. Ask for less with LIMIT.`);
}

function tooSlow(statementMs: number): ServiceError {
  return new ServiceError("timeout", `The statement was stopped after ${statementMs} ms.`);
}
