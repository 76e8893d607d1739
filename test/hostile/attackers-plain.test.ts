import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createHost, type Host } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { ATTACKERS } from "./attackers.ts";
import { endOf } from "./end-of.ts";
import { plainWat } from "./wat-plugin.ts";

/** Short, so that those who spin are soon over. */
const LIMITS = { cpuMs: 50, timeoutMs: 2_000, memoryBytes: 64 * 2 ** 20, tableElements: 100_000 };

suite("a hostile plain core module is contained", () => {
  const folder = temporaryFolder();
  let host: Host;

  before(async () => {
    host = await createHost({ log: recordingLog() });
  });
  after(() => host.shutdown());

  for (const [i, attacker] of ATTACKERS.entries()) {
    test(attacker.name, async () => {
      const name = `plain-${i}`;
      const file = await folder.write(`${name}.wasm`, await plainWat(attacker.parts));
      const settings = await settingsFor({ [name]: { path: file, limits: LIMITS } });
      const ended = await endOf(attacker, host, file, settings.plugins[name]);
      const expected = attacker.code === undefined ? [undefined] : [attacker.code].flat();
      assert.ok(
        expected.some((code) => code === ended?.code),
        `ended with ${ended?.code}: ${ended?.message}`,
      );
      if (host.plugins().some((plugin) => plugin.name === name)) await host.unload(name);
    });
  }
});
