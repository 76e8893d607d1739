// A command that databases are plugged into: each database plugin in a folder is one more that can be asked.
//
//     node examples/embed/query-command.ts SETTINGS PLUGIN "SELECT …" [PARAMETER …]
//
// The plugins are held to a second and to what the settings grant them, whoever wrote them.

import { createHost, HostError, loadSettings } from "tusk-host";

const [file = "tusk.json", name = "", sql = "", ...params] = process.argv.slice(2);

try {
  await using host = await createHost({ settings: await loadSettings(file), folder: null });
  const databases = host.plugins().filter(({ capabilities }) => capabilities.includes("database-plugin"));
  if (sql === "") {
    console.log("Ask one of: %s", databases.map((plugin) => plugin.name).join(", "));
  } else {
    const rows = await host.plugin(name).database.executeQuery(sql, params, { timeoutMs: 1_000 });
    console.table(rows);
  }
} catch (error) {
  if (!(error instanceof HostError)) throw error;
  // What a plugin says has been freed of control characters, and may be shown as it is.
  console.error(error.message);
  process.exitCode = 1;
}
