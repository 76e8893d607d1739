import { takeJson, takeString } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerJson, outcome, succeeded } from "../abi/lower";
import { AREA } from "../abi/memory";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsDatabasePlugin {}

export function database_plugin$execute_query(
  query: usize,
  queryLength: usize,
  params: usize,
  paramsLength: usize,
): usize {
  const text = takeString(query, queryLength);
  const values = takeJson(params, paramsLength);
  if (values.isErr) return failed(values.error!);
  const rows = registered.databasePlugin!.executeQuery(text, values.value);
  if (rows.isErr) return failed(rows.error!);
  lowerJson(AREA + 4, rows.value);
  return succeeded();
}

export function database_plugin$create_table(
  name: usize,
  nameLength: usize,
  schema: usize,
  schemaLength: usize,
): usize {
  const tableName = takeString(name, nameLength);
  return outcome(registered.databasePlugin!.createTable(tableName, takeString(schema, schemaLength)));
}

export function database_plugin$backup_database(path: usize, pathLength: usize): usize {
  return outcome(registered.databasePlugin!.backupDatabase(takeString(path, pathLength)));
}

export {
  cabi_post as cabi_post$database_plugin$execute_query,
  cabi_post as cabi_post$database_plugin$create_table,
  cabi_post as cabi_post$database_plugin$backup_database,
};
