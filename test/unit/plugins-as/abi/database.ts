import assert from "node:assert/strict";
import { test } from "node:test";
import { sqliteService } from "./sqlite-service.ts";
import { query, tagged, type Start } from "./start.ts";

export function databaseTests(start: Start): void {
  const prepared = () => {
    const { database, open } = sqliteService();
    const plugin = start({ database });
    plugin.exports.databasePlugin.createTable("people", "CREATE TABLE people (name TEXT, born INTEGER)");
    return { plugin, open };
  };
  const INSERT = "INSERT INTO people VALUES (?, ?)";
  const COUNT = "SELECT count(*) AS n FROM people";

  test("statements run with their parameters bound, and rows come back by column name", () => {
    const { plugin, open } = prepared();
    assert.equal(query(plugin, "execute", [INSERT, ["Ada '🦣'", 1815]]), 1);
    assert.deepEqual(query(plugin, "sql", ["SELECT * FROM people WHERE born = ?", [1815]]), [
      { name: "Ada '🦣'", born: 1815 },
    ]);
    assert.deepEqual(query(plugin, "sql", ["SELECT * FROM people WHERE born = ?", [1900]]), []);
    assert.deepEqual(open, { connections: 0, transactions: 0 });
  });

  test("a transaction takes effect when it is committed, and not otherwise", () => {
    const { plugin, open } = prepared();
    const rows = () => query(plugin, "sql", [COUNT, []]);
    query(plugin, "transaction", [[INSERT, ["a", 1]], [INSERT, ["b", 2]], "commit"]);
    assert.deepEqual(rows(), [{ n: 2 }]);
    query(plugin, "transaction", [[INSERT, ["c", 3]], "rollback"]);
    assert.deepEqual(rows(), [{ n: 2 }]);
    query(plugin, "transaction", [[INSERT, ["d", 4]], "drop"]);
    assert.deepEqual(rows(), [{ n: 2 }]);
    assert.deepEqual(open, { connections: 0, transactions: 0 });
  });

  test("a statement that fails ends its transaction and closes its connection", () => {
    const { plugin, open } = prepared();
    assert.throws(
      () => query(plugin, "transaction", [[INSERT, ["a", 1]], ["nonsense", []], "commit"]),
      tagged("invalid-input"),
    );
    assert.deepEqual(query(plugin, "sql", [COUNT, []]), [{ n: 0 }]);
    assert.throws(() => query(plugin, "sql", ["nonsense", []]), tagged("invalid-input"));
    assert.throws(() => query(plugin, "execute", ["nonsense", []]), tagged("invalid-input"));
    assert.deepEqual(open, { connections: 0, transactions: 0 });
  });

  test("a database that there is not is an error", () => {
    const plugin = start({}, { database: "other" });
    const missing = { payload: { tag: "not-found", val: "no database other" } };
    assert.throws(() => query(plugin, "sql", ["SELECT 1", []]), missing);
    assert.throws(() => query(plugin, "transaction", ["commit"]), missing);
    assert.throws(() => plugin.exports.databasePlugin.createTable("a", "b"), missing);
    assert.throws(() => plugin.exports.databasePlugin.backupDatabase("a"), missing);
  });

  test("a table that cannot be created and a backup that is refused are errors", () => {
    const { plugin, open } = prepared();
    const { databasePlugin } = plugin.exports;
    assert.throws(
      () => databasePlugin.createTable("people", "CREATE TABLE people (a)"),
      tagged("invalid-input"),
    );
    assert.throws(() => databasePlugin.backupDatabase("/tmp/🦣"), {
      payload: { tag: "denied", val: "no copy to /tmp/🦣" },
    });
    assert.deepEqual(open, { connections: 0, transactions: 0 });
  });
}
