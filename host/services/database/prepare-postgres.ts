import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import { lexPostgres } from "./postgres-lexer.ts";
import { bindPostgres, type BoundSql } from "./postgres-placeholders.ts";
import { type PolicyContext, verifyPostgres } from "./postgres-policy.ts";

// It is read in the host's own thread.
const MAX_SQL_LENGTH = 256 * 1024;

/**
 * A guest's statement as it may be sent to a PostgreSQL server.
 *
 * @throws ServiceError `denied` for what the policy refuses, `invalid-input` when text and values do not fit,
 * `limit-exceeded` when the text is too long.
 */
export function preparePostgres(sql: string, params: readonly JsonValue[], context: PolicyContext): BoundSql {
  if (sql.length > MAX_SQL_LENGTH) {
    throw new ServiceError("limit-exceeded", `The statement is longer than ${MAX_SQL_LENGTH} characters.`);
  }
  // It would end the text in the message to the server, and leave the rest of it to be read as something else.
  if (sql.includes("\0")) throw new ServiceError("invalid-input", "The statement holds a zero byte.");
  const tokens = [...lexPostgres(sql)];
  verifyPostgres(tokens, context);
  return bindPostgres(sql, tokens, params);
}
