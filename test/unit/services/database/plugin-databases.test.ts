import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, suite, test } from "node:test";
import type { DatabaseConnection } from "../../../../host/component/contract/services.ts";
import { HostError } from "../../../../host/core/error.ts";
import { BackupFolders } from "../../../../host/services/database/backup-folders.ts";
import type { LogEntry } from "../../../../host/services/logger/log-entry.ts";
import type { ServiceHub } from "../../../../host/services/service-hub.ts";
import { createLoggedHub, databasesOf, ENDLESS, granted } from "./serve-plugin.ts";

suite("plugins and their databases", () => {
  let folder: string;
  let hub: ServiceHub;
  let log: LogEntry[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tusk-test-"));
    await mkdir(join(folder, "temporary"));
    ({ hub, log } = createLoggedHub({
      folder,
      temporaryFolder: join(folder, "temporary"),
      databases: { main: "sqlite::memory:", shared: "sqlite:shared.db", lost: "sqlite:nowhere/lost.db" },
      limits: { database: { statementMs: 400, transactionMs: 1000, maxConnections: 3, maxWaiting: 5 } },
    }));
  });

  after(async () => {
    await hub.close();
    assert.deepEqual(await readdir(join(folder, "temporary")), [], "temporary files are left");
    await rm(folder, { recursive: true });
  });

  const open = (plugin: string, name: string): Promise<DatabaseConnection> =>
    databasesOf(hub, plugin, granted(name)).open(name);

  test("a database that was not granted is denied, with the setting that would grant it", async () => {
    const databases = databasesOf(hub, "nosy", granted("main"));
    await assert.rejects(databases.open("shared"), {
      kind: "denied",
      message:
        'Plugin "nosy" may not use the database "shared". Grant it in its settings: ' +
        '"permissions": { "database": [{ "name": "shared", "access": "read" }] }.',
    });
    await assert.rejects(databases.open("sqlite:shared.db"), { kind: "denied" });
    await assert.rejects(databases.open("sqlite::memory:"), { kind: "denied" });
    const { services } = hub.servicesFor({ plugin: "nosy", config: {}, permissions: {} }).forInstance();
    assert.equal(services.database, undefined);
  });

  test("a database is opened by a URL that a grant covers, however it is written", async () => {
    const databases = databasesOf(hub, "url", granted(`sqlite://${join(folder, "url.db")}`));
    const connection = await databases.open("sqlite:x/../url.db");
    await connection.execute("create table t (id integer)", []);
    await assert.rejects(databases.open("sqlite:other.db"), { kind: "denied" });
  });

  test("a grant of every database covers those of the settings, and no file that the plugin names", async () => {
    const databases = databasesOf(hub, "all", granted("*"));
    for (const name of ["main", "shared", "sqlite::memory:"]) {
      assert.deepEqual(await (await databases.open(name)).query("select 1 as one", []), [{ one: 1 }]);
    }
    await assert.rejects(databases.open("sqlite:shared.db"), { kind: "denied" });
    await assert.rejects(databases.open(`sqlite:${join(folder, "new.db")}`), { kind: "denied" });
    await assert.rejects(databases.open("*"), { kind: "not-found" });
  });

  test("names and URLs that lead nowhere are told apart, and no path of the host is told", async () => {
    for (const [name, kind] of [
      ["unknown", "not-found"],
      ["toString", "not-found"],
      ["mysql://host/db", "unsupported"],
      ["lost", "unavailable"],
      ["sqlite:temporary/", "unsupported"],
      ["sqlite:temporary", "unavailable"],
    ] as const) {
      await assert.rejects(open("lost", name), (error: Error & { kind: string }) => {
        assert.equal(error.kind, kind, name);
        assert.ok(!error.message.includes(folder));
        return true;
      });
    }
    assert.ok(
      log.some(
        ({ plugin, source, message }) => plugin === "lost" && source === "host" && message.includes(folder),
      ),
    );
  });

  test("a setting with a URL that cannot be used is an error of the settings", () => {
    assert.throws(
      () => createLoggedHub({ databases: { main: "oracle:secret@host" } }),
      (error) => HostError.is(error, "DATABASE_SETTING") && !error.message.includes("secret"),
    );
  });

  test("a file that is no database cannot be used", async () => {
    await writeFile(
      join(folder, "text.db"),
      "this is a text and no database, and long enough to be one".repeat(20),
    );
    await assert.rejects(open("text", "sqlite:text.db"), { kind: "unavailable" });
  });

  test("a database in memory is the plugin's own, and stays when the plugin is swapped", async () => {
    const old = databasesOf(hub, "swapped", granted("main"));
    await (await old.open("main")).execute("create table t (id integer)", []);
    await old.close();
    const connection = await open("swapped", "main");
    assert.deepEqual(await connection.query("select * from t", []), []);
    const stranger = await open("stranger", "main");
    await assert.rejects(stranger.query("select * from t", []), { kind: "invalid-input" });
  });

  test("closing a generation rolls back its transactions and refuses its connections, not those of the next", async () => {
    const old = databasesOf(hub, "generations", granted("main"));
    const [first, second] = [await old.open("main"), await open("generations", "main")];
    await second.execute("create table t (id integer)", []);
    const transaction = await first.begin();
    await transaction.execute("insert into t values (1)", []);
    await old.close();
    await assert.rejects(transaction.commit(), { kind: "conflict" });
    await assert.rejects(first.query("select 1", []), { kind: "conflict" });
    assert.deepEqual(await second.query("select * from t", []), []);
    assert.equal(await second.execute("insert into t values (2)", []), 1);
  });

  test("a name that means another database does so for the generations to come, and the one before is closed with the last that knew it", async () => {
    const temporary = () => readdir(join(folder, "temporary"), { recursive: true });
    const { hub: changed } = createLoggedHub({
      folder,
      temporaryFolder: join(folder, "temporary"),
      databases: { main: "sqlite::memory:", kept: "sqlite::memory:" },
    });
    const old = databasesOf(changed, "changing", granted("*"));
    const kept = await old.open("kept");
    await kept.execute("create table k (id integer)", []);
    const connection = await old.open("main");
    await connection.execute("create table t (id integer)", []);
    const first = changed.backendsOf(granted("main"));
    assert.throws(
      () => changed.use({ folder, databases: { main: "oracle:x" } }),
      (error) => HostError.is(error, "DATABASE_SETTING"),
    );
    changed.use({ folder, databases: { main: "sqlite:changed.db", kept: "sqlite::memory:" } });
    assert.notDeepEqual(changed.backendsOf(granted("main")), first);
    assert.deepEqual(changed.backendsOf(granted("kept")).databases, { kept: "sqlite::memory:" });
    const next = databasesOf(changed, "changing", granted("*"));
    await (await next.open("main")).execute("create table other (id integer)", []);
    assert.deepEqual(await connection.query("select * from t", []), []);
    assert.deepEqual(await (await old.open("main")).query("select * from t", []), []);
    const files = (await temporary()).filter((file) => /memory-\d+\.db$/.test(file)).length;
    assert.ok(files >= 2);
    await old.close();
    while ((await temporary()).filter((file) => /memory-\d+\.db$/.test(file)).length >= files) await turn();
    assert.deepEqual(await (await next.open("kept")).query("select * from k", []), []);
    await changed.close();
  });

  test("a plugin's endless query delays no other plugin, nor ends another's transaction", async () => {
    const [slow, quick] = [await open("slow", "shared"), await open("quick", "shared")];
    await quick.execute("create table if not exists t (id integer)", []);
    const transaction = await quick.begin();
    await transaction.execute("insert into t values (1)", []);
    let answered = 0;
    const endless = slow.query(ENDLESS, []).catch((error: Error & { kind: string }) => {
      assert.ok(answered > 0);
      return error.kind;
    });
    for (; answered < 20; answered++) await transaction.query("select * from t", []);
    assert.equal(await endless, "timeout");
    await transaction.commit();
    assert.deepEqual(await slow.query("select * from t", []), [{ id: 1 }]);
    assert.ok(
      log.some(({ plugin, message }) => plugin === "slow" && /query took more than 400 ms/.test(message)),
    );
  });

  test("plugins that use one file see each other's changes, and what one names for itself only it sees", async () => {
    const [one, two] = [await open("one", "shared"), await open("two", "shared")];
    await one.execute("create table users (name text)", []);
    await two.execute("create temp table users (name text)", []);
    await two.execute("insert into temp.users values ('false')", []);
    await one.execute("insert into users values ('true')", []);
    assert.deepEqual(await one.query("select * from users", []), [{ name: "true" }]);
    assert.deepEqual(await two.query("select * from main.users", []), [{ name: "true" }]);
  });

  test("a transaction that stays open too long is rolled back, and whoever waits goes on", async () => {
    const { hub: strict } = createLoggedHub({
      databases: { main: "sqlite::memory:" },
      limits: { database: { transactionMs: 1, statementMs: 5000 } },
    });
    await using _ = strict;
    const databases = databasesOf(strict, "slow", granted("main"));
    const [first, second] = [await databases.open("main"), await databases.open("main")];
    const transaction = await first.begin();
    await (await second.begin()).rollback();
    await assert.rejects(transaction.commit(), { kind: "conflict", message: /open for more than 1 ms/ });
  });

  test("a lock that a program outside the host holds is waited for, up to the limit", async () => {
    const connection = await open("patient", "shared");
    await connection.execute("create table if not exists locked (id integer)", []);
    const outside = new DatabaseSync(join(folder, "shared.db"));
    outside.exec("begin immediate");
    await assert.rejects(connection.execute("insert into locked values (1)", []), {
      kind: "timeout",
      message: /locked for 400 ms/,
    });
    const waiting = connection.execute("insert into locked values (2)", []);
    assert.deepEqual(await connection.query("select * from locked", []), []);
    outside.exec("commit");
    outside.close();
    assert.equal(await waiting, 1);
  });

  test("connections and waiting requests are limited for each plugin", async () => {
    const databases = databasesOf(hub, "many", granted("main"));
    const first = await databases.open("main");
    await databases.open("main");
    const third = await databases.open("main");
    await assert.rejects(databases.open("main"), { kind: "limit-exceeded", message: /3 connections/ });
    third[Symbol.dispose]();
    const requests = Array.from({ length: 6 }, () => first.query("select 1", []));
    const answers = await Promise.allSettled(requests);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [...Array.from({ length: 5 }, () => "fulfilled"), "rejected"],
    );
    await (await databases.open("main")).query("select 1", []);
  });

  suite("backups", () => {
    let connection: DatabaseConnection;
    let backups: string;
    const copied = (file: string): unknown => {
      using copy = new DatabaseSync(join(backups, file), { readOnly: true });
      return copy.prepare("select count(*) as n from kept").get()?.["n"];
    };

    before(async () => {
      backups = join(folder, "backups");
      await mkdir(backups);
      await mkdir(join(folder, "outside"));
      await symlink(join(folder, "outside"), join(backups, "way-out"));
      await symlink(backups, join(folder, "alias"));
      connection = await databasesOf(hub, "keeper", {
        database: [
          { name: "kept", access: "write" },
          { name: "sqlite:backups/live.db", access: "write" },
        ],
        filesystem: [
          { path: "read-only", access: "read" },
          { path: "alias", access: "write" },
        ],
      }).open("sqlite:backups/live.db");
      await connection.execute("create table kept (id integer)", []);
      await connection.execute("insert into kept values (1), (2)", []);
    });

    test("a backup is a whole database, and replaces the one before", async () => {
      await connection.backup("copy.db");
      assert.equal(copied("copy.db"), 2);
      await connection.execute("insert into kept values (3)", []);
      await connection.backup(join(folder, "alias", "copy.db"));
      assert.equal(copied("copy.db"), 3);
      const files = await readdir(backups);
      assert.deepEqual(files.filter((file) => !file.startsWith("live.db")).toSorted(), [
        "copy.db",
        "way-out",
      ]);
    });

    test("a backup holds what was committed, and not what is open", async () => {
      const databases = databasesOf(hub, "keeper", granted("sqlite:backups/live.db"));
      const transaction = await (await databases.open("sqlite:backups/live.db")).begin();
      await transaction.execute("delete from kept", []);
      await connection.backup("during.db");
      assert.equal(copied("during.db"), 3);
      await databases.close();
    });

    test("a backup outside the granted folders is denied, by whatever way", async () => {
      const outside = [
        "../x.db",
        join(folder, "outside", "x.db"),
        "way-out/x.db",
        "/x.db",
        "..",
        ".",
        join(folder, "nowhere", "x.db"),
      ];
      for (const path of outside) {
        await assert.rejects(connection.backup(path), { kind: "denied", message: /"filesystem"/ }, path);
      }
      assert.deepEqual(await readdir(join(folder, "outside")), []);
    });

    test("a backup that cannot be written there says why", async () => {
      await mkdir(join(backups, "taken"));
      const cases = {
        taken: "invalid-input",
        "": "invalid-input",
        "a\0b": "invalid-input",
        "no/x.db": "not-found",
      };
      for (const [path, kind] of Object.entries(cases))
        await assert.rejects(connection.backup(path), { kind }, path);
      for (const live of ["live.db", "live.db-wal"]) {
        await assert.rejects(connection.backup(live), { kind: "conflict", message: /in use/ });
      }
    });

    test("a link in place of the backup is replaced, not followed", async () => {
      await writeFile(join(folder, "outside", "precious"), "precious");
      await symlink(join(folder, "outside", "precious"), join(backups, "link.db"));
      await connection.backup("link.db");
      assert.equal(copied("link.db"), 3);
      assert.deepEqual(await readdir(join(folder, "outside")), ["precious"]);
      using _ = new DatabaseSync(join(backups, "link.db"));
    });

    test("a folder that becomes a link while the copy is made leads nowhere", async () => {
      const sub = join(backups, "sub");
      await mkdir(sub);
      const folders = new BackupFolders({
        plugin: "keeper",
        folders: [backups],
        temporaryFolder: () => Promise.resolve(join(folder, "temporary")),
        isLive: () => Promise.resolve(false),
      });
      const outside = await readdir(join(folder, "outside"));
      const written = folders.write("sub/x.db", async (file) => {
        await writeFile(file, "x");
        await rename(sub, join(backups, "moved"));
        await symlink(join(folder, "outside"), sub);
      });
      await assert.rejects(written, { kind: "unavailable" });
      assert.deepEqual(await readdir(join(folder, "outside")), outside);
      assert.deepEqual(await readdir(join(backups, "moved")), []);
    });

    test("without a folder to write to there are no backups", async () => {
      const other = await open("other", "main");
      await assert.rejects(other.backup("x.db"), { kind: "denied" });
    });
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
