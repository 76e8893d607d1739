import { type ErrorKind, ServiceError } from "../../component/contract/service-error.ts";
import type { SqliteOutcome } from "./sqlite-message.ts";

/** @see https://sqlite.org/rescode.html */
const PRIMARY_CODES: Readonly<Record<number, ErrorKind | "busy">> = {
  1: "invalid-input", // ERROR
  3: "denied", // PERM
  5: "busy", // BUSY
  6: "busy", // LOCKED
  7: "limit-exceeded", // NOMEM
  8: "denied", // READONLY
  10: "unavailable", // IOERR
  11: "unavailable", // CORRUPT
  13: "limit-exceeded", // FULL
  14: "unavailable", // CANTOPEN
  18: "limit-exceeded", // TOOBIG
  19: "conflict", // CONSTRAINT
  20: "invalid-input", // MISMATCH
  23: "denied", // AUTH
  25: "invalid-input", // RANGE
  26: "unavailable", // NOTADB
};

const MAX_MESSAGE_LENGTH = 500;

/** What to answer when something went wrong in SQLite, or a ServiceError was thrown on the way. */
export function refusalOf(thrown: unknown): SqliteOutcome {
  if (thrown instanceof ServiceError)
    return { type: "refused", kind: thrown.kind, message: bounded(thrown.message) };
  if (isSqliteError(thrown)) {
    const kind = PRIMARY_CODES[thrown.errcode & 0xff] ?? "internal";
    return kind === "busy"
      ? { type: "busy" }
      : { type: "refused", kind, message: `SQLite: ${bounded(thrown.message)}.` };
  }
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  // What node:sqlite itself finds wrong is about the statement or its values.
  const kind =
    typeof code === "string" && /^ERR_INVALID_(ARG|STATE)/.test(code) ? "invalid-input" : "internal";
  return {
    type: "refused",
    kind,
    message: bounded(thrown instanceof Error ? thrown.message : String(thrown)),
  };
}

/** A message may repeat what the guest wrote. */
function bounded(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
}

function isSqliteError(thrown: unknown): thrown is Error & { readonly errcode: number } {
  return thrown instanceof Error && "errcode" in thrown && typeof thrown.errcode === "number";
}
