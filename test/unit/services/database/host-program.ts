import { createServiceHub } from "../../../../host/services/service-hub.ts";
import { busy, childrenOf } from "./child-processes.ts";
import { databasesOf, ENDLESS, granted } from "./serve-plugin.ts";

// A host that does nothing else, and does not close what it has opened. It prints its database process when it
// has done what its argument says.
const hub = createServiceHub({
  log: { write: () => undefined },
  temporaryFolder: process.argv[3],
  databases: { main: "sqlite::memory:" },
  limits: { database: { statementMs: 3_600_000, transactionMs: 100 } },
});
const databases = databasesOf(hub, "plugin", granted("main"));
const connection = await databases.open("main");
const [child] = await childrenOf(process.pid);
if (process.argv[2] === "runs an endless query") {
  void connection.query(ENDLESS, []);
  await busy(Number(child));
}
if (process.argv[2] === "waits for a lock") {
  await connection.begin();
  await (await databases.open("main")).begin();
}
console.log(child);
