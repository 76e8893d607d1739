import type { Connection, Submittable } from "pg";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import { fromPostgres, needsType, toPostgres } from "./postgres-values.ts";

interface PostgresStatementOptions {
  readonly text: string;
  readonly values: readonly JsonValue[];
  /** Whether its rows are wanted, or only how many it changed. */
  readonly wants: "rows" | "count";
  readonly maxRows: number;
  readonly maxResultBytes: number;
}

export interface PostgresResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly JsonValue[])[];
  /** Rows inserted, updated or deleted. */
  readonly changed: number;
}

interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

// Bytes are written as two digits each.
const WIRE_FACTOR = 2;
const WIRE_EXTRA_BYTES = 1024 * 1024;

/**
 * One statement of a guest on its way through the extended protocol, which takes one statement at a time and
 * values apart from the text. pg calls its methods while it is the client's query.
 *
 * A result over a limit costs the connection: that stops the server, and takes back what the statement changed.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class PostgresStatement implements Submittable {
  readonly #options: PostgresStatementOptions;
  readonly #result = Promise.withResolvers<PostgresResult>();
  #connection: Connection | undefined;
  #columns: readonly Column[] = [];
  readonly #rows: JsonValue[][] = [];
  #changed = 0;
  #bytes = 0;
  #wireBytes = 0;
  #failure: unknown;

  constructor(options: PostgresStatementOptions) {
    this.#options = options;
    this.#result.promise.catch(() => undefined);
  }

  get result(): Promise<PostgresResult> {
    return this.#result.promise;
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.stream.on("data", this.#count);
    connection.parse({ name: "", text: this.#options.text, types: [] }, true);
    if (!this.#options.values.some(needsType)) {
      this.#bind([]);
      return;
    }
    connection.once("parameterDescription", this.#onTypes);
    connection.describe({ type: "S", name: "" }, true);
    connection.flush();
  }

  handleRowDescription({ fields }: { readonly fields: readonly Column[] }): void {
    this.#columns = fields;
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#failure !== undefined || this.#options.wants === "count") return;
    try {
      this.#add(fields);
    } catch (failure) {
      this.#give(failure);
    }
  }

  /** There are more rows than were asked for. */
  handlePortalSuspended(): void {
    this.#give(tooMuch(`more than ${this.#options.maxRows} rows`));
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const [, count] = /^(?:INSERT 0|UPDATE|DELETE|MERGE) (\d+)$/.exec(text) ?? [];
    this.#changed = Number(count ?? 0);
    this.#connection?.sync();
  }

  handleEmptyQuery(): void {
    this.#failure = new ServiceError("invalid-input", "There is no statement in the text.");
    this.#connection?.sync();
  }

  /** The server skips what was sent before the next sync, and then says in which state it is. */
  handleError(error: unknown, connection: Connection): void {
    this.#failure ??= error;
    if (connection.stream.destroyed) {
      this.#onOver();
      return;
    }
    connection.once("readyForQuery", this.#onOver).once("end", this.#onOver);
    connection.sync();
  }

  handleReadyForQuery(): void {
    this.#onOver();
  }

  // The policy refuses COPY.
  handleCopyInResponse(): void {
    this.#give(new ServiceError("unsupported", "COPY is not supported."));
  }

  handleCopyData(): void {
    this.handleCopyInResponse();
  }

  readonly #onTypes = ({ dataTypeIDs }: { readonly dataTypeIDs: readonly number[] }): void => {
    try {
      this.#bind(dataTypeIDs);
    } catch (failure) {
      this.#failure = failure;
      this.#connection?.sync();
    }
  };

  #bind(types: readonly number[]): void {
    const connection = this.#connection;
    const { values, wants, maxRows } = this.#options;
    const written = values.map((value, i) => toPostgres(value, types[i] ?? 0));
    connection?.bind({ portal: "", statement: "", values: written }, true);
    connection?.describe({ type: "P", name: "" }, true);
    // A number, whatever the types of pg say.
    const rows = (wants === "rows" ? maxRows + 1 : 0) as unknown as string;
    connection?.execute({ portal: "", rows }, true);
    connection?.flush();
  }

  #add(fields: readonly (string | null)[]): void {
    const { maxRows, maxResultBytes } = this.#options;
    const row = fields.map((field, i) => {
      const value = field === null ? null : fromPostgres(field, this.#columns[i]?.dataTypeID ?? 0);
      this.#bytes += value instanceof Uint8Array ? value.length : Buffer.byteLength(field ?? "");
      return value;
    });
    this.#bytes += this.#columns.reduce((sum, { name }) => sum + name.length, 0);
    if (this.#rows.push(row) > maxRows) throw tooMuch(`more than ${maxRows} rows`);
    if (this.#bytes > maxResultBytes) throw tooMuch(`rows of more than ${maxResultBytes} bytes`);
  }

  /** Before pg has put a row together, which it does in memory however large it is. */
  readonly #count = (chunk: Buffer): void => {
    const { maxResultBytes } = this.#options;
    this.#wireBytes += chunk.length;
    if (this.#wireBytes > maxResultBytes * WIRE_FACTOR + WIRE_EXTRA_BYTES) {
      this.#give(tooMuch(`rows of more than ${maxResultBytes} bytes`));
    }
  };

  /** Gives up on the answer, and on the connection that brings it. */
  #give(failure: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#connection?.stream.destroy();
  }

  readonly #onOver = (): void => {
    this.#connection
      ?.off("parameterDescription", this.#onTypes)
      .off("readyForQuery", this.#onOver)
      .off("end", this.#onOver);
    this.#connection?.stream.off("data", this.#count);
    const columns = this.#columns.map(({ name }) => name);
    if (this.#failure !== undefined) this.#result.reject(this.#failure);
    else this.#result.resolve({ columns, rows: this.#rows, changed: this.#changed });
  };
}

function tooMuch(what: string): ServiceError {
  return new ServiceError("limit-exceeded", `The statement gives ${what}. Ask for less with LIMIT.`);
}
