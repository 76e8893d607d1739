import {
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

/** What the settings may say, and what holds where they say nothing. */
@json({ unknown: "refuse" })
class Settings {
  database: string = "main";
}

class MyPlugin extends Plugin implements DatabasePlugin {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Answers queries";

  private connection: Connection | null = null;

  initialize(settings: JsonValue): PluginError | null {
    const read = settings.to<Settings>();
    if (read.isErr) return read.error;
    const opened = database.open(read.value.database);
    if (opened.isErr) return opened.error;
    this.connection = opened.value;
    return null;
  }

  shutdown(): PluginError | null {
    const connection = this.connection;
    if (connection) connection.close();
    this.connection = null;
    return null;
  }

  executeQuery(query: string, params: JsonValue): Result<JsonValue> {
    const connection = this.connection;
    return connection ? connection.query(query, params) : Result.err<JsonValue>(notOpen());
  }

  createTable(tableName: string, schema: string): PluginError | null {
    const connection = this.connection;
    return connection ? connection.execute(schema).error : notOpen();
  }

  backupDatabase(backupPath: string): PluginError | null {
    const connection = this.connection;
    return connection ? connection.backup(backupPath) : notOpen();
  }
}

function notOpen(): PluginError {
  return PluginError.unavailable("No database is open.");
}

register(new MyPlugin());
