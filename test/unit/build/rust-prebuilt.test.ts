import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import {
  hashFile,
  hashSources,
  type Prebuilt,
  PREBUILT as BUILT_BEFOREHAND,
} from "../../../examples/rust/prebuild.ts";
import { transpile } from "./component-instance.ts";
import { decode, encode } from "./plain-services.ts";

const PREBUILT = new URL("../../../examples/rust/prebuilt/", import.meta.url).pathname;
const COMPONENT = join(PREBUILT, "postgres.wasm");

const folder = await mkdtemp(join(tmpdir(), "rust-prebuilt-"));
after(() => rm(folder, { recursive: true }));

for (const name of BUILT_BEFOREHAND) {
  test(`the plugin ${name} that is built beforehand is the one that its sources make`, async () => {
    const made = JSON.parse(await readFile(join(PREBUILT, `${name}.json`), "utf8")) as Prebuilt;
    const remedy = "Run: node examples/rust/prebuild.ts";
    assert.equal(made.sources, await hashSources(name), remedy);
    assert.equal(made.component, await hashFile(join(PREBUILT, `${name}.wasm`)), remedy);
    assert.match(made.rustc, /^rustc \d+\.\d+/);
  });
}

test("it answers queries with the database that its settings name", async () => {
  const plugin = await (await transpile(await readFile(COMPONENT)))();
  const database = (name: string, ...args: unknown[]) => plugin.call("databasePlugin", name, ...args);
  await assert.rejects(database("executeQuery", "SELECT 1", encode([])), {
    tag: "internal",
    val: "no database is open",
  });

  await plugin.call("plugin", "initialize", encode({ database: "main" }));
  assert.deepEqual(plugin.log.at(-1), {
    level: "info",
    message: 'database "main" is open',
    fields: undefined,
  });

  await database("createTable", "users", "CREATE TABLE users (name TEXT, id INTEGER PRIMARY KEY)");
  const insert = "INSERT INTO users (name) VALUES (?)";
  assert.deepEqual(decode((await database("executeQuery", insert, encode(["ada"]))) as Uint8Array), []);
  const rows = decode((await database("executeQuery", "SELECT * FROM users", encode([]))) as Uint8Array);
  assert.deepEqual(rows, [{ name: "ada", id: 1 }]);
  assert.deepEqual(Object.keys((rows as object[])[0] ?? {}), ["name", "id"], "columns in their order");
  await assert.rejects(database("executeQuery", "SELEC", encode([])), { tag: "invalid-input" });

  const copy = join(folder, "copy.sqlite");
  await database("backupDatabase", copy);
  using sqlite = new DatabaseSync(copy, { readOnly: true });
  assert.equal(sqlite.prepare("SELECT count(*) AS n FROM users").get()?.["n"], 1);

  await plugin.call("plugin", "shutdown");
  assert.equal(plugin.statements.at(-1), "closed");
});

test("settings that it does not understand are named", async () => {
  const start = await transpile(await readFile(COMPONENT));
  const initialize = async (settings: object) =>
    (await start()).call("plugin", "initialize", encode(settings));
  await assert.rejects(initialize({}), refused("settings: missing field `database`"));
  await assert.rejects(
    initialize({ databse: "main" }),
    refused(
      "settings: unknown field `databse`, expected one of `database`, `host`, `port`, `user`, `password`, `pool_size`",
    ),
  );
  await assert.rejects(initialize({ database: "other" }), { tag: "not-found", val: "no database other" });
});

function refused(val: string): object {
  return { tag: "invalid-input", val };
}
