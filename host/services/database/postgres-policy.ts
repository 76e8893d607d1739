import { ServiceError } from "../../component/contract/service-error.ts";
import { quote } from "../../core/error-codes.ts";
import { nameOf, type SqlToken } from "./postgres-lexer.ts";

export interface PolicyContext {
  readonly readOnly: boolean;
  readonly inTransaction: boolean;
}

const READING = new Set(["select", "with", "values", "table", "show", "explain"]);

const WRITING = new Set([
  ...READING,
  "insert",
  "update",
  "delete",
  "merge",
  "truncate",
  "comment",
  "analyze",
  "vacuum",
  "reindex",
  "refresh",
  "notify",
]);

/** What may be created, altered and dropped: tables and what belongs to them, and nothing that holds code. */
const OBJECTS = new Set([
  "table",
  "index",
  "view",
  "sequence",
  "type",
  "domain",
  "schema",
  "trigger",
  "policy",
  "statistics",
]);

const BEFORE_OBJECTS = new Set([
  "or",
  "replace",
  "local",
  "temp",
  "temporary",
  "unlogged",
  "recursive",
  "unique",
  "materialized",
]);

/** What else there is in PostgreSQL: none of it is a guest's, or only in a transaction. */
const OTHERS =
  /^(?:abort|begin|call|checkpoint|close|cluster|commit|copy|deallocate|declare|discard|do|end|execute|fetch|grant|import|listen|load|lock|move|prepare|reassign|release|reset|revoke|rollback|savepoint|security|set|start|unlisten)$/;

/**
 * Functions and views of PostgreSQL, and of what comes with it, that reach the server's files and settings or
 * other connections, or that run a text as a statement. `pg_settings` is among them since it can be updated: what
 * ends a text could then be another thing to the server than here. `SHOW` tells the same.
 */
const REFUSED_NAMES =
  /^(?:pg_(?:read|ls|stat)_.*(?:file|dir).*|pg_read_server_files|pg_file_.*|pg_(?:hba|ident)_file_.*|pg_logdir_ls|pg_current_logfile|lo_import|lo_export|dblink.*|postgres_fdw_.*|query_to_xml.*|cursor_to_xml.*|database_to_xml.*|schema_to_xml.*|table_to_xml.*|ts_stat|ts_rewrite|xpath_table|crosstab.*|connectby|set_config|pg_settings|pg_(?:cancel|terminate)_backend|pg_reload_conf|pg_rotate_logfile|pg_(?:switch|create|drop|copy|logical|replication)_.*|pg_(?:backup|wal|walfile|start|stop|promote).*|pg_execute_server_program|pg_write_server_files)$/;

/**
 * Refuses what would reach beyond the statement: other commands of the connection, and of the server.
 *
 * It decides by the first words, of which PostgreSQL itself takes one statement only, and by the names in it. Who
 * may do what with which table is decided by the server, for the role that the URL names; so is, in the end,
 * whether its files can be reached.
 *
 * @throws ServiceError `denied`, with what was refused; `invalid-input` for what is no command at all.
 */
export function verifyPostgres(
  tokens: readonly SqlToken[],
  { readOnly, inTransaction }: PolicyContext,
): void {
  const refused = tokens.find((token, i) => {
    const name = nameOf(token);
    return (name !== undefined && REFUSED_NAMES.test(name)) || isEscapedName(tokens, i);
  });
  if (refused) throw denied(`${quote(refused.text)} is refused`);

  const start = tokens.findIndex(({ text }) => text !== ";" && text !== "(");
  const words = tokens.slice(Math.max(start, 0), Math.max(start, 0) + 8).map((token) => nameOf(token) ?? "");
  const [command = "", second = ""] = words;
  if (READING.has(command) || (inTransaction && isPartOfTransaction(words))) return;
  const changes = WRITING.has(command) || ["create", "alter", "drop"].includes(command);
  if (!changes && !OTHERS.test(command)) {
    throw new ServiceError("invalid-input", `A syntax error: no statement begins with ${quote(command)}.`);
  }
  if (readOnly) {
    throw denied(`The database may be read only, and ${quote(command.toUpperCase())} is refused`);
  }
  if (WRITING.has(command)) return;
  if (inTransaction && (command === "lock" || (command === "set" && second === "transaction"))) return;
  if (changes) {
    const object = words.slice(1).find((word) => !BEFORE_OBJECTS.has(word)) ?? "";
    if (OBJECTS.has(object)) return;
    throw denied(`${command.toUpperCase()} ${quote(object.toUpperCase())} is refused`);
  }
  throw denied(`The command ${quote(command.toUpperCase())} is refused${hintFor(command)}`);
}

/** What ends with the transaction, and does not end it. */
function isPartOfTransaction([command, second = "", third]: readonly string[]): boolean {
  if (command === "savepoint" || command === "release") return true;
  if (command === "set" && second === "constraints") return true;
  return (
    command === "rollback" &&
    (second === "to" || (["work", "transaction"].includes(second) && third === "to"))
  );
}

/** `U&"…"`, in which any name can be written in another way. */
function isEscapedName(tokens: readonly SqlToken[], i: number): boolean {
  const [prefix, sign, name] = [tokens[i], tokens[i + 1], tokens[i + 2]];
  return (
    name?.kind === "quoted" &&
    sign?.text === "&" &&
    prefix?.text.toLowerCase() === "u" &&
    sign.index === prefix.index + 1 &&
    name.index === sign.index + 1
  );
}

function hintFor(command: string): string {
  return ["begin", "start", "commit", "end", "rollback", "abort"].includes(command)
    ? ": use the contract's transactions"
    : "";
}

function denied(what: string): ServiceError {
  return new ServiceError("denied", `${what}.`);
}
