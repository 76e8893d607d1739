import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startHeldServer } from "../kit/held-server.ts";
import { memoryInUse } from "../kit/memory.ts";
import { obedientHost } from "../kit/obedient-host.ts";
import { DO } from "../kit/obedient-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const PLUGINS = 50;
const CALLS_EACH = 40;
const MB = 2 ** 20;

suite("calls that wait for a slow service", () => {
  const folder = temporaryFolder();

  test(`are all answered, ${PLUGINS * CALLS_EACH} of them over ${PLUGINS} plugins, while another plugin goes on`, async (t) => {
    const names = Array.from({ length: PLUGINS }, (_, i) => `waits-${i}`);
    const waits = Object.fromEntries(names.map((name) => [name, { instances: CALLS_EACH }]));
    await using server = await startHeldServer();
    await using host = await obedientHost(folder, { ...waits, neighbour: {} });
    const { database: neighbour } = host.plugin("neighbour");
    const before = await memoryInUse();

    let answered = 0;
    const calls = names.flatMap((name) =>
      Array.from({ length: CALLS_EACH }, async () => {
        assert.equal(await host.plugin(name).database.executeQuery(server.url, []), 0);
        answered++;
      }),
    );
    await server.arrived(calls.length);
    const during = await memoryInUse();
    assert.equal(answered, 0);
    for (const name of names) {
      assert.partialDeepStrictEqual(host.plugin(name).status().traffic, { busy: CALLS_EACH, waiting: 0 });
    }
    const start = performance.now();
    for (let count = 1; count <= 100; count++) {
      assert.equal(await neighbour.executeQuery(DO.count, []), count);
    }
    const neighbourMs = (performance.now() - start) / 100;

    server.release();
    await Promise.all(calls);
    assert.equal(answered, calls.length);
    const [rss, heap] = [during.rss - before.rss, during.heap - before.heap].map((bytes) => bytes / MB);
    t.diagnostic(
      `${calls.length} waiting calls take ${rss?.toFixed(0)} MB, ${heap?.toFixed(0)} MB of them in the heap; ` +
        `meanwhile a call of another plugin takes ${neighbourMs.toFixed(2)} ms`,
    );
    assert.ok(neighbourMs < 50, `the neighbour took ${neighbourMs} ms a call`);
  });
});
