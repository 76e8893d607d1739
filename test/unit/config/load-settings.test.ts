import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { loadSettings } from "../../../host/config/load-settings.ts";
import { getLoadOrder, getPluginSettings, isPluginEnabled } from "../../../host/config/plugin-config.ts";
import { resolveLoadOrder } from "../../../host/config/resolve-load-order.ts";
import type { Settings } from "../../../host/config/settings.ts";
import { reportOf } from "./problems-of.ts";

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tusk-config-"));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

async function load(t: TestContext, name: string, text: string, env = {}): Promise<Settings> {
  const file = join(await folder(t), name);
  await writeFile(file, text);
  return loadSettings(file, { env });
}

const ORIGINAL_JSON = `{
    "postgres": {
        "enabled": true,
        "config": {
            "host": "localhost",
            "port": 5432,
            "database": "mydb",
            "user": "postgres"
        },
        "dependencies": [],
        "load_order": 1
    },
    "api": {
        "enabled": true,
        "config": {
            "port": 8080,
            "host": "0.0.0.0"
        },
        "dependencies": ["postgres"],
        "load_order": 2
    },
    "auth": {
        "enabled": true,
        "config": {
            "jwt_secret": "@env.get('JWT_SECRET')",
            "session_timeout": 3600
        },
        "dependencies": ["postgres"],
        "load_order": 3
    }
}`;

const ORIGINAL_TSK = `
[postgres]
enabled: true
config {
  host: "localhost"
  port: 5432
  database: "mydb"
  user: "postgres"
}
dependencies: []
load_order: 1

[api]
enabled: true
config {
  port: 8080
  host: "0.0.0.0"
}
dependencies: ["postgres"]
load_order: 2

[auth]
enabled: true
config {
  jwt_secret: @env.get('JWT_SECRET')
  session_timeout: 3600
}
dependencies: ["postgres"]
load_order: 3
`;

for (const [name, text] of [
  ["plugins.json", ORIGINAL_JSON],
  ["plugins.tsk", ORIGINAL_TSK],
] as const) {
  test(`the original's three plugins load as they stand from ${name}`, async (t) => {
    const settings = await load(t, name, text, { JWT_SECRET: "from the environment" });
    assert.deepEqual(getLoadOrder(settings), ["postgres", "api", "auth"]);
    assert.deepEqual(resolveLoadOrder(settings.plugins).stages, [["postgres"], ["api", "auth"]]);
    assert.equal(isPluginEnabled(settings, "auth"), true);
    assert.equal(isPluginEnabled(settings, "none"), false);
    assert.equal(getPluginSettings(settings, "toString"), undefined);
    assert.deepEqual(getPluginSettings(settings, "postgres")?.config, {
      host: "localhost",
      port: 5432,
      database: "mydb",
      user: "postgres",
    });
    assert.deepEqual(getPluginSettings(settings, "auth")?.config, {
      jwt_secret: "from the environment",
      session_timeout: 3600,
    });
    assert.ok(settings.secrets.has("from the environment"));
  });
}

test("the original's two plugins load in the order of its test", async (t) => {
  const text = `{
    "plugin_a": { "enabled": true, "dependencies": ["plugin_b"], "load_order": 2 },
    "plugin_b": { "enabled": true, "dependencies": [], "load_order": 1 }
  }`;
  const { plugins } = await load(t, "plugins.json", text);
  assert.deepEqual(resolveLoadOrder(plugins).order, ["plugin_b", "plugin_a"]);
});

test("paths start at the folder of the file, and the files that were read are told", async (t) => {
  const base = await folder(t);
  const file = join(base, "tusk.tsk");
  await writeFile(file, "folder: @names.tsk.get('folder')\n[plugins.a]\nenabled: @file.exists('flag')");
  await writeFile(join(base, "names.tsk"), "folder: 'wasm'");
  const settings = await loadSettings(file);
  assert.equal(settings.folder, join(base, "wasm"));
  assert.equal(settings.plugins["a"]?.path, join(base, "wasm", "a.wasm"));
  assert.equal(settings.file, file);
  assert.equal(settings.baseFolder, base);
  const elsewhere = await loadSettings(file, { folder: "/other" });
  assert.equal(elsewhere.plugins["a"]?.path, "/other/a.wasm");
  assert.deepEqual(settings.sources, [file, join(base, "names.tsk"), join(base, "flag")]);
});

test("settings in a folder whose content is switched by a symlink read what is beside them", async (t) => {
  const base = await folder(t);
  for (const version of ["v1", "v2"]) {
    await mkdir(join(base, version));
    await writeFile(join(base, version, "tusk.tsk"), "[a.config]\nversion: @version.tsk.get('is')");
    await writeFile(join(base, version, "version.tsk"), `is: "${version}"`);
  }
  for (const name of ["tusk.tsk", "version.tsk"]) await symlink(join("current", name), join(base, name));
  for (const version of ["v1", "v2"]) {
    await symlink(version, join(base, "next"));
    await rename(join(base, "next"), join(base, "current"));
    const { plugins } = await loadSettings(join(base, "tusk.tsk"));
    assert.deepEqual(plugins["a"]?.config, { version });
  }
});

test("a mistake is shown in the person's own text with a caret", async (t) => {
  const file = join(await folder(t), "tusk.json");
  await writeFile(file, '\ufeff{\n  "plugins": {\n    "api": { "instances": 0 }\n  }\n}\n');
  const error: unknown = await loadSettings(file).catch((reason: unknown) => reason);
  assert.ok(HostError.is(error, "SETTINGS_INVALID"));
  assert.equal(
    error.message,
    [
      `${JSON.stringify(file)} has a problem:`,
      `${file}:3:27: plugins.api.instances: Should be at least 1, and is 0.`,
      '  3 |     "api": { "instances": 0 }',
      "    |                           ^",
    ].join("\n"),
  );
});

test("a file that is none, or not to be read, says so", async (t) => {
  const base = await folder(t);
  await mkdir(join(base, "folder.json"));
  await writeFile(join(base, "large.json"), Buffer.alloc(2 ** 20 + 1));
  await writeFile(join(base, "latin1.json"), Buffer.from([0x22, 0xe4, 0x22]));
  const cases = {
    "none.json": /no such file/,
    "folder.json": /it is no file/,
    "large.json": /it has 1048577 bytes, and 1048576 is the most/,
    "latin1.json": /it is not UTF-8/,
    "settings.pnt": /it is a compiled \.pnt file; use the \.tsk file/,
    "settings.yaml": /settings are in a \.json or a \.tsk file/,
  };
  for (const [name, reason] of Object.entries(cases)) {
    await assert.rejects(loadSettings(join(base, name)), (error) => {
      assert.ok(HostError.is(error, "SETTINGS_UNREADABLE"));
      return reason.test(error.message);
    });
  }
});

test("mistakes in two files are told together, each in its own", async (t) => {
  const base = await folder(t);
  await writeFile(join(base, "tusk.tsk"), "[a]\npath: @b.tsk.get('path')\ninstances: 0");
  await writeFile(join(base, "b.tsk"), "\npath: $none");
  assert.deepEqual(await reportOf(loadSettings(join(base, "tusk.tsk"))), [
    "3:12 a.instances: Should be at least 1, and is 0.",
    '2:7 path: "$none" is not set above.',
  ]);
});
