import { createServiceHub } from "../../../../host/services/service-hub.ts";
import { busy, childrenOf } from "./child-processes.ts";
import { databasesOf, ENDLESS, granted } from "./serve-plugin.ts";

// A host that does not close what it has opened: it prints its database process, and then either is in the
// middle of a query for ever, or has nothing to do any more.
const hub = createServiceHub({
  log: { write: () => undefined },
  databases: { main: "sqlite::memory:" },
  limits: { database: { statementMs: 3_600_000 } },
});
const connection = await databasesOf(hub, "plugin", granted("main")).open("main");
const [child] = await childrenOf(process.pid);
if (process.argv[2] === "endless") {
  void connection.query(ENDLESS, []);
  await busy(Number(child));
}
console.log(child);
