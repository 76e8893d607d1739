import { JsonValue } from "./json/json-value";
import { PluginError } from "./plugin-error";
import { Result } from "./result";

/** A capability: answers queries. */
export interface DatabasePlugin {
  /**
   * Runs one statement. `params` is an array with a value for each placeholder of `query`; the result is an
   * array of rows, each an object by column name.
   */
  executeQuery(query: string, params: JsonValue): Result<JsonValue>;

  /** Creates the table `tableName` by running the statement `schema`. */
  createTable(tableName: string, schema: string): PluginError | null;

  /** Writes a copy of the database to `backupPath`, inside a folder that the host granted. */
  backupDatabase(backupPath: string): PluginError | null;
}
