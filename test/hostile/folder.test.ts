import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { createHost } from "tusk-host";
import { fixture } from "../kit/fixtures.ts";
import { markedBuild } from "../kit/marked-build.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("a folder of plugins that others write to", { skip: process.platform === "win32" }, () => {
  const folder = temporaryFolder();
  let build: Uint8Array;

  before(async () => {
    build = await readFile(fixture("api"));
  });

  /** What may stand where a plugin should. */
  const THINGS: Readonly<Record<string, (path: string) => unknown>> = {
    "a pipe": (path) => execFileSync("mkfifo", [path]),
    "a folder": (path) => mkdir(path),
    "a link to itself": (path) => symlink(path, path),
    "a link to nothing": (path) => symlink("nowhere", path),
    "a link to a device": (path) => symlink("/dev/zero", path),
    "a link to a file of the system": (path) => symlink("/etc/passwd", path),
    "a file that claims a terabyte": async (path) => {
      await writeFile(path, "");
      await truncate(path, 2 ** 40);
    },
  };

  for (const [thing, put] of Object.entries(THINGS)) {
    test(`${thing} is no plugin, and keeps nobody waiting`, async () => {
      const plugins = join(folder.path, thing);
      await mkdir(plugins);
      await writeFile(join(plugins, "sound.wasm"), build);
      await put(join(plugins, "odd.wasm"));
      await using host = await createHost({ folder: plugins });
      const states = Object.fromEntries(host.plugins().map(({ name, state }) => [name, state]));
      assert.deepEqual(states, { odd: "failed", sound: "serving" });
      assert.match(host.plugin("odd").status().problem?.code ?? "", /^(?:FILE_UNREADABLE|BINARY_NOT_WASM)$/);
    });
  }

  test("whatever takes the place of a plugin, it serves, and the newest build that is one serves in the end", async () => {
    const plugins = join(folder.path, "race");
    await mkdir(plugins);
    const path = join(plugins, "api.wasm");
    await writeFile(path, build);
    await using host = await createHost({ folder: plugins, watch: true });
    const api = host.plugin("api");
    const { hash } = api.status();
    for (const put of Object.values(THINGS)) {
      const beside = join(folder.path, "beside");
      await put(beside);
      // A folder takes no file's place.
      await rm(path, { force: true, recursive: true });
      await rename(beside, path);
      await assert.rejects(host.reload("api"));
      assert.equal((await api.http.handleRequest({ method: "GET", path: "/api/version" })).status, 200);
      assert.equal(api.status().hash, hash);
    }
    await rm(path, { recursive: true });
    await writeFile(path, markedBuild(await readFile(fixture("conformance-as")), 1));
    await writeFile(path, Buffer.concat([build, Buffer.from([0, 2, 1, 120])]));
    await host.reload("api");
    assert.notEqual(api.status().hash, hash);
    assert.equal((await api.http.handleRequest({ method: "GET", path: "/api/version" })).status, 200);
  });
});
