import {
  config,
  Connection,
  database,
  DatabasePlugin,
  JsonValue,
  Plugin,
  PluginError,
  register,
  Result,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/database-plugin";

class MyPlugin extends Plugin implements DatabasePlugin {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Answers queries";

  private connection: Connection | null = null;

  initialize(settings: JsonValue): PluginError | null {
    const opened = database.open(config.get("database").asString("main"));
    if (opened.isErr) return opened.error;
    this.connection = opened.value;
    return null;
  }

  shutdown(): PluginError | null {
    this.open().close();
    return null;
  }

  executeQuery(query: string, params: JsonValue): Result<JsonValue> {
    return this.open().query(query, params);
  }

  createTable(tableName: string, schema: string): PluginError | null {
    return this.open().execute(schema).error;
  }

  backupDatabase(backupPath: string): PluginError | null {
    return this.open().backup(backupPath);
  }

  /** No capability is called before `initialize` has succeeded. */
  private open(): Connection {
    return this.connection!;
  }
}

register(new MyPlugin());
