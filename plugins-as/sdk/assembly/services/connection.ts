import { resultOfHandle, resultOfJson, resultOfNothing, resultOfU64 } from "../abi/import-result";
import {
  connection_backup,
  connection_begin,
  connection_drop,
  connection_execute,
  connection_query,
} from "../abi/imports";
import { AREA } from "../abi/memory";
import { JsonValue } from "../json/json-value";
import { PluginError } from "../plugin-error";
import { Result } from "../result";
import { encodeUtf8 } from "../utf8";
import { Transaction } from "./transaction";

/** An open database. `close` it: the collector does not. Any use afterwards traps. */
export class Connection {
  constructor(private handle: i32) {}

  /**
   * Runs a statement and returns its rows: an array with an object by column name for each, or `Row[]` where
   * `query<Row[]>` asks for a class that is `@json`. `params` is an array with a value for each placeholder; they are
   * always bound, never pasted into the text.
   */
  query<T = JsonValue>(sql: string, params: JsonValue = JsonValue.array()): Result<T> {
    const text = encodeUtf8(sql);
    const values = params.encode().buffer;
    connection_query(this.open, text, text.byteLength, values, values.byteLength, AREA);
    return resultOfJson<T>();
  }

  /** Runs a statement and returns how many rows it changed. */
  execute(sql: string, params: JsonValue = JsonValue.array()): Result<u64> {
    const text = encodeUtf8(sql);
    const values = params.encode().buffer;
    connection_execute(this.open, text, text.byteLength, values, values.byteLength, AREA);
    return resultOfU64();
  }

  /** Starts a transaction. Until it ends, statements of this connection are `conflict`. */
  begin(): Result<Transaction> {
    connection_begin(this.open, AREA);
    const handle = resultOfHandle();
    return handle.isErr ? handle.as<Transaction>() : Result.ok(new Transaction(handle.value));
  }

  /** Writes a copy of the database to a file, inside a folder that the permission covers. */
  backup(path: string): PluginError | null {
    const text = encodeUtf8(path);
    connection_backup(this.open, text, text.byteLength, AREA);
    return resultOfNothing();
  }

  /** Closes it, for good. Closing it again does nothing. */
  close(): void {
    const handle = this.handle;
    this.handle = 0;
    if (handle) connection_drop(handle);
  }

  private get open(): i32 {
    assert(this.handle, "this connection is closed");
    return this.handle;
  }
}
