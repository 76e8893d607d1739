import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildWat } from "../hostile/wat-plugin.ts";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { tusk } from "../kit/tusk.ts";

interface Result {
  readonly function: string;
  readonly args: readonly unknown[];
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly latencyMs: { p50: number; p90: number; p99: number; max: number };
  readonly fuelPerCall: number;
  readonly memory: { usedBytes: number; peakBytes: number };
  readonly before?: Result;
}

suite("tusk bench", () => {
  const folder = temporaryFolder();

  /** Measures a plugin, and gives the results. */
  async function bench(...args: string[]): Promise<Result[]> {
    const { code, stdout, stderr } = await tusk(["bench", "--json", "--calls", "50", ...args]);
    assert.deepEqual([code, stderr], [0, ""]);
    return JSON.parse(stdout) as Result[];
  }

  test("measures what may be asked of a plugin, and holds it against the last time", async () => {
    const file = await folder.write("kept/api.wasm", await readFile(fixture("api")));
    const first = await bench(file);
    assert.deepEqual(
      first.map((result) => [result.function, result.args]),
      ["/api/health", "/api/version"].map((path) => [
        "http-plugin.handle-request",
        [{ method: "GET", path }],
      ]),
    );
    for (const { calls, callsPerSecond, latencyMs, memory, before } of first) {
      assert.equal(calls, 50);
      assert.ok(callsPerSecond > 0);
      const { p50, p90, p99, max } = latencyMs;
      assert.ok(p50 > 0 && p50 <= p90 && p90 <= p99 && p99 <= max);
      assert.ok(memory.usedBytes > 0 && memory.peakBytes >= memory.usedBytes);
      assert.equal(before, undefined);
    }
    const again = await bench(file);
    assert.deepEqual(
      again.map(({ before }) => before?.latencyMs),
      first.map(({ latencyMs }) => latencyMs),
    );
    const printed = await tusk(["bench", "--calls", "50", file]);
    assert.match(printed.stdout, /^api {2}http-plugin\.handle-request .*\/api\/health/);
    assert.match(printed.stdout, /\n {2}fuel a call +[\d,]+ +[\d,]+ +× 1\.00\n/);
  });

  test("measures the function and the arguments that are asked for, with the settings beside the plugin", async () => {
    const file = await folder.write("chosen/postgres.wasm", await readFile(fixture("postgres")));
    const postgres = { config: { database: "main" }, permissions: { database: ["main"] }, trust: "require" };
    // Where a bench that took it as it stands would write.
    const databases = { main: `sqlite:${join(folder.path, "dear.db")}` };
    await folder.write("chosen/tusk.json", JSON.stringify({ plugins: { postgres }, databases }));
    const query = ["--function", "database-plugin.execute-query", file];
    const create = await bench(...query, '"CREATE TABLE IF NOT EXISTS t (n)"', "[]");
    assert.equal(create[0]?.calls, 50);
    await assert.rejects(readFile(join(folder.path, "dear.db")), { code: "ENOENT" });
    const [one] = await bench(...query, '"SELECT 1"', "[]");
    assert.equal(one?.before, undefined, "another question is not compared");
    const [two] = await bench(...query, '"SELECT 1"', "[]");
    assert.deepEqual(two?.before?.fuelPerCall, one?.fuelPerCall);
  });

  test("ends with 1 when a call does not come to an answer", async () => {
    const file = await folder.write("dying/dying.wasm", await buildWat({ query: "(unreachable)" }));
    const { code, stderr } = await tusk(["bench", file]);
    assert.equal(code, 1);
    assert.match(stderr, /PLUGIN_TRAPPED/);
  });

  test("says what is wrong with what it is asked to call", async () => {
    const unknown = await tusk(["bench", fixture("api"), "--function", "http-plugin.handle-reqest"]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Did you mean "handle-request"\?.*tusk bench --help/);
    const never = await tusk(["bench", "--seconds", "0"]);
    assert.equal(never.code, 2);
  });
});
