import { resultOfJson, resultOfNothing, resultOfU64 } from "../abi/import-result";
import {
  transaction_commit,
  transaction_drop,
  transaction_execute,
  transaction_query,
  transaction_rollback,
} from "../abi/imports";
import { AREA } from "../abi/memory";
import { JsonValue } from "../json/json-value";
import { PluginError } from "../plugin-error";
import { Result } from "../result";
import { encodeUtf8 } from "../utf8";

/** Statements that take effect together or not at all. It ends by `commit`, `rollback` or `close`. */
export class Transaction {
  constructor(private handle: i32) {}

  /** As `Connection.query`; `conflict` after the end. */
  query<T = JsonValue>(sql: string, params: JsonValue = JsonValue.array()): Result<T> {
    if (!this.handle) return Result.err<T>(ended());
    const text = encodeUtf8(sql);
    const values = params.encode().buffer;
    transaction_query(this.handle, text, text.byteLength, values, values.byteLength, AREA);
    return resultOfJson<T>();
  }

  /** As `Connection.execute`; `conflict` after the end. */
  execute(sql: string, params: JsonValue = JsonValue.array()): Result<u64> {
    if (!this.handle) return Result.err<u64>(ended());
    const text = encodeUtf8(sql);
    const values = params.encode().buffer;
    transaction_execute(this.handle, text, text.byteLength, values, values.byteLength, AREA);
    return resultOfU64();
  }

  /** Makes the changes last. */
  commit(): PluginError | null {
    if (!this.handle) return ended();
    transaction_commit(this.handle, AREA);
    const error = resultOfNothing();
    this.close();
    return error;
  }

  /** Undoes the changes. */
  rollback(): PluginError | null {
    if (!this.handle) return ended();
    transaction_rollback(this.handle, AREA);
    const error = resultOfNothing();
    this.close();
    return error;
  }

  /** Ends it; what was not committed is undone. Does nothing after the end. */
  close(): void {
    const handle = this.handle;
    this.handle = 0;
    if (handle) transaction_drop(handle);
  }
}

function ended(): PluginError {
  return PluginError.conflict("this transaction has ended");
}
