import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";

// The plugin tells that its database is open, at the level "info".
for (const [logLevel, kept] of [
  ["info", 1],
  ["warn", 0],
] as const) {
  test(
    `of a plugin with the log level "${logLevel}" ${kept} line of the level "info" is kept`,
    { skip: skipUnlessBuilt("postgres") },
    async () => {
      const log = recordingLog();
      const settings = await settingsFor({
        postgres: {
          path: fixture("postgres"),
          config: { database: "main" },
          permissions: { database: ["main"] },
          logLevel,
        },
      });
      await using host = await createHost({ settings, folder: null, log });
      assert.equal(host.plugin("postgres").status().state, "serving");
      assert.equal(log.entries.filter(({ level }) => level === "info").length, kept);
    },
  );
}
