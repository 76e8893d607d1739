import { deserialize, serialize } from "node:v8";
import type { ErrorKind } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";

/** What the host asks of a database process. `session` is a number that the host chose for a connection. */
export type SqliteRequest =
  | { readonly type: "open"; readonly session: number; readonly settings: SqliteSessionSettings }
  | { readonly type: "close"; readonly session: number }
  | {
      readonly type: "query" | "execute";
      readonly session: number;
      readonly sql: string;
      readonly params: readonly JsonValue[];
    }
  | { readonly type: "begin" | "commit" | "rollback"; readonly session: number }
  | { readonly type: "backup"; readonly session: number; readonly file: string };

/** What a database process answers, to each request once and in their order. */
export type SqliteAnswer = SqliteOutcome & {
  /** Whether the session is in a transaction now; a statement may have ended it. */
  readonly inTransaction: boolean;
};

export type SqliteOutcome =
  | { readonly type: "done" }
  | { readonly type: "rows"; readonly columns: readonly string[]; readonly rows: readonly SqliteRow[] }
  | { readonly type: "changed"; readonly count: number }
  /** Somebody else holds a lock; nothing has happened. */
  | { readonly type: "busy" }
  | { readonly type: "refused"; readonly kind: ErrorKind; readonly message: string };

/** The values of a row, in the order of the columns. */
export type SqliteRow = readonly JsonValue[];

export interface SqliteSessionSettings {
  readonly file: string;
  readonly readOnly: boolean;
  /** Whether the file is gone when the host is, so that nothing needs to reach the disk. */
  readonly temporary: boolean;
  readonly maxRows: number;
  readonly maxResultBytes: number;
  /** Of the whole database. */
  readonly maxDatabaseBytes: number;
  readonly statementMs: number;
}

/** A message as it goes through a pipe: its length in four bytes, then itself. */
export function encodeMessage(message: SqliteRequest | SqliteAnswer): Buffer {
  const body = serialize(message);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length);
  frame.set(body, 4);
  return frame;
}

/** Puts messages together from the pieces in which they arrive. */
export class MessageReader<Message extends SqliteRequest | SqliteAnswer> {
  #pieces: Buffer[] = [];
  #sizeBytes = 0;

  /** Takes the next piece in and returns the messages that are complete. The reader keeps `piece`. */
  push(piece: Buffer): Message[] {
    if (this.#sizeBytes === 0) this.#pieces = [piece];
    else this.#pieces.push(piece);
    this.#sizeBytes += piece.length;
    const messages: Message[] = [];
    for (let body = this.#take(); body !== undefined; body = this.#take()) {
      messages.push(deserialize(body) as Message);
    }
    return messages;
  }

  #take(): Buffer | undefined {
    if (this.#sizeBytes < 4) return undefined;
    const length = this.#first(4).readUInt32LE();
    if (this.#sizeBytes < 4 + length) return undefined;
    const frame = this.#first(4 + length);
    this.#pieces[0] = this.#pieces[0]?.subarray(frame.length) ?? frame;
    this.#sizeBytes -= frame.length;
    return frame.subarray(4);
  }

  /** The first bytes, in one piece. */
  #first(length: number): Buffer {
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= length) return first.subarray(0, length);
    const joined = Buffer.concat(this.#pieces);
    this.#pieces = [joined];
    return joined.subarray(0, length);
  }
}
