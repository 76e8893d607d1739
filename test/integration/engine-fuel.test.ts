import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { promisify } from "node:util";
import type { PluginHandle } from "tusk-host";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { fuelOfConformance } from "../kit/fuel-of-conformance.ts";
import { obedientHost } from "../kit/obedient-host.ts";
import { DO } from "../kit/obedient-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const fuelOf = (plugin: PluginHandle) => plugin.status().traffic?.fuelUsed ?? NaN;

/** What one call costs. */
async function costOf(plugin: PluginHandle, query: string, params: unknown[] = []): Promise<number> {
  const before = fuelOf(plugin);
  await plugin.database.executeQuery(query, params);
  return fuelOf(plugin) - before;
}

suite('with `fuel: "exact"`', () => {
  const folder = temporaryFolder();

  test("a call costs the same on every fresh instance", async () => {
    await using host = await obedientHost(folder, { plugin: { limits: { fuel: "exact" } } });
    const plugin = host.plugin("plugin");
    const costs: number[] = [];
    for (let i = 0; i < 5; i++) {
      costs.push(await costOf(plugin, DO.run, [i]));
      // What is suspended in between does not count.
      await assert.rejects(plugin.database.executeQuery(DO.trap, []));
      await plugin.database.executeQuery(DO.echo, []);
    }
    const [cost = NaN] = costs;
    assert.ok(cost > 100_000, `${cost} for 100,000 rounds`);
    assert.deepEqual(costs, Array(5).fill(cost));
  });

  for (const name of ["conformance-as", "conformance-rust"] as const) {
    test(`${name} costs the same in every host and process`, { skip: skipUnlessBuilt(name) }, async (t) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        join(import.meta.dirname, "../kit/fuel-of-conformance.ts"),
        fixture(name),
      ]);
      const [first, second] = [
        await fuelOfConformance(fixture(name)),
        await fuelOfConformance(fixture(name)),
      ];
      t.diagnostic(`${first.join(", ")} units of fuel`);
      assert.deepEqual(second, first);
      assert.deepEqual(JSON.parse(stdout), first);
    });
  }

  test("a call that does more costs more, in proportion", async () => {
    await using host = await obedientHost(folder, { plugin: { limits: { fuel: "exact" } } });
    const plugin = host.plugin("plugin");
    const [little, much] = [await costOf(plugin, DO.echo), await costOf(plugin, DO.run)];
    assert.ok(little > 0 && much > little * 100, `${little} and ${much}`);
  });
});

test("what a call that dies has used up counts, too", async () => {
  const folder = temporaryFolder();
  await using host = await obedientHost(folder, { plugin: { limits: { cpuMs: 20 } } });
  const plugin = host.plugin("plugin");
  await assert.rejects(plugin.database.executeQuery(DO.spin, []));
  assert.ok(fuelOf(plugin) > 100_000, `${fuelOf(plugin)}`);
});
