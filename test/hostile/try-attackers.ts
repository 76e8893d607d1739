import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "tusk-host";
import { settingsFor } from "../kit/settings-for.ts";
import type { TemporaryFolder } from "../kit/temporary-folder.ts";
import { ATTACKERS } from "./attackers.ts";
import { endOf } from "./end-of.ts";
import type { WatParts } from "./wat-plugin.ts";

/** Short, so that those who spin are soon over. */
const LIMITS = { cpuMs: 50, timeoutMs: 2_000, memoryBytes: 64 * 2 ** 20, tableElements: 100_000 };

/** A test for each attacker: it ends as it should, and says why in a text that can be printed. */
export function tryAttackers(
  folder: TemporaryFolder,
  host: () => Host,
  build: (parts: WatParts) => Promise<Uint8Array>,
): void {
  for (const [i, attacker] of ATTACKERS.entries()) {
    test(attacker.name, async () => {
      const name = `attacker-${i}`;
      const file = await folder.write(`${name}.wasm`, await build(attacker.parts));
      const settings = await settingsFor({ [name]: { path: file, limits: LIMITS } });
      const ended = await endOf(attacker, host(), file, settings.plugins[name]);
      const expected = attacker.code === undefined ? [undefined] : [attacker.code].flat();
      assert.ok(
        expected.some((code) => code === ended?.code),
        `ended with ${ended?.code}: ${ended?.message}`,
      );
      if (ended) assert.doesNotMatch(ended.message, /[\u0000-\u001f\u007f-\u009f]/);
      if (
        host()
          .plugins()
          .some((plugin) => plugin.name === name)
      )
        await host().unload(name);
    });
  }
}
