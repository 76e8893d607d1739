import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";
import { busy, childrenOf, gone } from "./child-processes.ts";
import { createLoggedHub, databasesOf, ENDLESS, granted } from "./serve-plugin.ts";

const needsLinux = { skip: process.platform === "linux" ? false : "it looks for processes in /proc" };
const program = fileURLToPath(new URL("./host-program.ts", import.meta.url));

test("a host that is killed in the middle of a query leaves no process behind", needsLinux, async () => {
  const host = spawn(process.execPath, [program, "runs an endless query"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(host.stdout, "data")) as [Buffer];
  host.kill("SIGKILL");
  await gone(Number(line));
});

test("a host that does not close its databases ends, once it has its answers", needsLinux, async () => {
  for (const doing of ["nothing", "waits for a lock"]) {
    // It rejects when the program ends with anything but 0.
    const { stdout } = await promisify(execFile)(process.execPath, [program, doing]);
    await gone(Number(stdout));
  }
});

test("closing the hub ends its processes, even in the middle of a query", needsLinux, async () => {
  const { hub } = createLoggedHub({ databases: { main: "sqlite::memory:" } });
  const databases = databasesOf(hub, "plugin", granted("main"));
  const connection = await databases.open("main");
  const [child] = await childrenOf(process.pid);
  const rejected = assert.rejects(connection.query(ENDLESS, []), { kind: "unavailable" });
  await busy(Number(child));
  await hub.close();
  await rejected;
  assert.deepEqual(await childrenOf(process.pid), []);
  await assert.rejects(connection.query("select 1", []), { kind: "unavailable" });
  await assert.rejects(databases.open("main"), { kind: "unavailable" });
});

test(
  "a process that nobody is connected to ends after a while, and what it kept is still there",
  needsLinux,
  async () => {
    const { hub } = createLoggedHub({
      databases: { main: "sqlite::memory:" },
      limits: { database: { idleMs: 1 } },
    });
    await using _ = hub;
    const databases = databasesOf(hub, "plugin", granted("main"));
    const connection = await databases.open("main");
    await connection.execute("create table t (id integer)", []);
    const [child] = await childrenOf(process.pid);
    connection[Symbol.dispose]();
    await gone(Number(child));
    assert.deepEqual(await (await databases.open("main")).query("select * from t", []), []);
  },
);

test("a process that dies by itself costs one answer and the open transactions", needsLinux, async () => {
  const { hub, log } = createLoggedHub({ databases: { main: "sqlite::memory:" } });
  await using _ = hub;
  const databases = databasesOf(hub, "plugin", granted("main"));
  const [connection, other] = [await databases.open("main"), await databases.open("main")];
  await connection.execute("create table t (id integer)", []);
  const transaction = await other.begin();
  const [child] = await childrenOf(process.pid);
  const rejected = assert.rejects(connection.query(ENDLESS, []), { kind: "unavailable" });
  await busy(Number(child));
  process.kill(Number(child), "SIGKILL");
  await rejected;
  await assert.rejects(transaction.execute("insert into t values (1)", []), {
    kind: "conflict",
    message: /opened again/,
  });
  assert.equal(await connection.execute("insert into t values (2)", []), 1);
  assert.ok(log.some(({ message }) => /ended by itself/.test(message)));
});

test("a database process holds nothing of the host's environment", needsLinux, async () => {
  const { hub } = createLoggedHub({ databases: { main: "sqlite::memory:" } });
  await using _ = hub;
  await databasesOf(hub, "plugin", granted("main")).open("main");
  const [child] = await childrenOf(process.pid);
  const environment = await readFile(`/proc/${child}/environ`, "utf8");
  assert.match(environment, /^SQLITE_TMPDIR=[^\0]+\0$/);
});
