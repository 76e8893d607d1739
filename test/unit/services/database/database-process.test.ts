import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterEach, beforeEach, suite, test } from "node:test";
import { busy, childrenOf, gone } from "./child-processes.ts";
import { createLoggedHub, databasesOf, ENDLESS, granted } from "./serve-plugin.ts";

const needsLinux = { skip: process.platform === "linux" ? false : "it looks for processes in /proc" };
const program = fileURLToPath(new URL("./host-program.ts", import.meta.url));

/** Rejects when there is none. */
async function firstPiece(output: Readable): Promise<string> {
  for await (const piece of output) return String(piece);
  throw new Error("The program ended without a word.");
}

suite("a host that does not close its databases", needsLinux, () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tusk-test-"));
  });

  afterEach(async () => {
    assert.deepEqual(await readdir(folder), [], "temporary files are left");
    await rm(folder, { recursive: true });
  });

  test("leaves no process behind when it is killed in the middle of a query", async () => {
    const host = spawn(process.execPath, [program, "runs an endless query", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const child = await firstPiece(host.stdout);
    host.kill("SIGKILL");
    await gone(Number(child));
  });

  for (const doing of ["does nothing", "waits for a lock"]) {
    test(`ends when it has its answers, if it ${doing}`, async () => {
      // It rejects when the program ends with anything but 0.
      const { stdout } = await promisify(execFile)(process.execPath, [program, doing, folder]);
      await gone(Number(stdout));
    });
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
