import pg from "pg";
import { type ErrorKind, ServiceError } from "../../component/contract/service-error.ts";

/** By SQLSTATE, or by its class. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  "08": "unavailable", // connection exception
  "0A": "unsupported", // feature not supported
  "22": "invalid-input", // data exception
  "22P05": "invalid-input",
  "23": "conflict", // integrity constraint violation
  "25001": "unsupported", // cannot run inside a transaction
  "25006": "denied", // read only
  "25P02": "conflict", // a statement of the transaction has failed
  "26": "invalid-input", // no such prepared statement
  "28": "unavailable", // not let in
  "2B": "conflict", // others depend on it
  "3B": "invalid-input", // savepoint
  "3D": "unavailable", // no such database
  "3F": "invalid-input", // no such schema
  "40": "conflict", // rolled back: deadlock, serialization
  "42": "invalid-input", // syntax, or no such thing
  "42501": "denied", // privilege
  "44": "conflict", // check option
  "53": "unavailable", // resources
  "53100": "limit-exceeded", // disk full
  "53200": "limit-exceeded", // out of memory
  "54": "limit-exceeded", // too complex, too large
  "55": "conflict", // not in the right state
  "55P03": "timeout", // lock
  "57": "unavailable", // intervention: shutdown
  "57014": "timeout", // cancelled
  "58": "unavailable", // system error
  P0: "invalid-input", // raised by a function or trigger
};

const MAX_MESSAGE_LENGTH = 500;

/** What to tell the plugin when something went wrong at the server, or on the way to it. */
export function postgresRefusal(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (!(thrown instanceof pg.DatabaseError)) {
    // What pg itself reports is about the connection.
    return new ServiceError("unavailable", "The connection to the database was lost.", { cause: thrown });
  }
  const code = thrown.code ?? "";
  const kind = KINDS[code] ?? KINDS[code.slice(0, 2)] ?? "internal";
  const message = thrown.message.slice(0, MAX_MESSAGE_LENGTH);
  return new ServiceError(kind, `PostgreSQL: ${message}.`, { cause: thrown });
}
