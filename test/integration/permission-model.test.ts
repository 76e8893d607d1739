import assert from "node:assert/strict";
import { mkdirSync, realpathSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { serveTusk, tusk, type TuskOptions } from "../kit/tusk.ts";

const ROOT = join(import.meta.dirname, "../..");

// What SECURITY.md says, but for where the dependencies are if that is a link.
suite("a host under Node's permission model", () => {
  const folder = temporaryFolder();
  const site = join(folder.path, "site");
  const written = ["cache", "state", "run", "tmp"].map((name) => join(site, name));
  for (const name of written) mkdirSync(name, { recursive: true, mode: 0o700 });

  function under(...more: string[]): TuskOptions {
    const readable = [ROOT, realpathSync(join(ROOT, "node_modules")), site];
    const nodeOptions = [
      "--permission",
      ...readable.map((path) => `--allow-fs-read=${path}`),
      ...written.map((path) => `--allow-fs-write=${path}`),
      "--allow-worker",
      ...more,
    ];
    const env = {
      XDG_CACHE_HOME: join(site, "cache"),
      XDG_STATE_HOME: join(site, "state"),
      XDG_RUNTIME_DIR: join(site, "run"),
      TMPDIR: join(site, "tmp"),
    };
    return { cwd: site, nodeOptions, env };
  }

  async function siteWith(plugins: object): Promise<string> {
    await copyFile(fixture("api"), join(site, "api.wasm"));
    const settings = { plugins, folder: "none", trust: { default: "warn" } };
    return folder.write("site/tusk.json", JSON.stringify(settings));
  }

  test("a host with the narrowest permissions serves its plugins", async () => {
    const config = await siteWith({ api: { path: "api.wasm" } });
    await using served = await serveTusk([config], under("--allow-net"));
    const response = await fetch(`${served.url}/api/version`);
    assert.deepEqual([response.status, await response.json()], [200, { version: "1.0.0", name: "api" }]);
  });

  test(
    "a plugin with a database needs processes, and works with them",
    { skip: skipUnlessBuilt("postgres") },
    async () => {
      await copyFile(fixture("postgres"), join(site, "db.wasm"));
      const granted = { path: "db.wasm", config: { database: "main" }, permissions: { database: ["main"] } };
      const config = await siteWith({ db: granted });
      const query = [
        "call",
        "db",
        "database-plugin",
        "execute-query",
        '"SELECT 1 AS x"',
        "[]",
        "--config",
        config,
      ];
      const allowed = await tusk(query, under("--allow-child-process"));
      assert.equal(allowed.code, 0, allowed.stderr);
      assert.deepEqual(JSON.parse(allowed.stdout), [{ x: 1 }]);
      assert.notEqual((await tusk(query, under())).code, 0);
    },
  );

  test("what is outside cannot be read", async () => {
    const outside = await folder.write("outside.wasm", "");
    await copyFile(fixture("api"), outside);
    const ended = await tusk(["list", await siteWith({ api: { path: outside } })], under());
    assert.equal(ended.code, 1);
    assert.match(ended.stdout + ended.stderr, /FILE_UNREADABLE.*Access to this API has been restricted/);
  });
});
