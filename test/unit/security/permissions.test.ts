import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SERVICES } from "../../../host/component/contract/services.ts";
import { parseSettings } from "../../../host/config/parse-settings.ts";
import { SETTINGS_SCHEMA } from "../../../host/config/settings-schema.ts";
import { grantFor, isPermission, type Permission, PERMISSIONS } from "../../../host/security/permissions.ts";

const NAMES = Object.keys(PERMISSIONS) as Permission[];
const ALWAYS = ["config", "logger", "clock", "timer", "random", "http-streams"];

suite("the table of permissions", () => {
  test("has whatever the settings can grant, and dependencies", () => {
    const granting = Object.keys(SETTINGS_SCHEMA.pluginSettings.shape.permissions.unwrap().shape);
    assert.deepEqual(NAMES.toSorted(), [...granting, "peers"].toSorted());
  });

  test("has every service but those that all plugins have", () => {
    assert.deepEqual(
      Object.keys(SERVICES)
        .filter((name) => !isPermission(name))
        .toSorted(),
      ALWAYS.toSorted(),
    );
  });

  for (const name of NAMES) {
    test(`shows settings that grant ${name}, and nothing else`, async () => {
      const shown = JSON.parse(`{ ${grantFor([name])} }`) as object;
      const mail = { url: "smtp://127.0.0.1", from: "tusk@example.com" };
      const plugins = { plugin: { path: "plugin.wasm", ...shown }, auth: {} };
      const { plugin } = (await parseSettings({ plugins, mail })).plugins;
      assert.ok(plugin);
      assert.deepEqual(
        NAMES.filter((other) => PERMISSIONS[other].isGranted(plugin)),
        [name],
      );
    });
  }
});
