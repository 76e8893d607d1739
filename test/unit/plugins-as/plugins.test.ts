import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { buildPlugin } from "../../../host/build/build-plugin.ts";
import { packageRoot } from "../../../host/core/package-root.ts";
import { json, load } from "../build/instance.ts";
import { fixture } from "../../kit/fixtures.ts";
import { folderOf } from "../build/plugin-folder.ts";

test("the plugin in the SDK's README is built and greets", async (t) => {
  const readme = await readFile(join(packageRoot, "plugins-as", "sdk", "README.md"), "utf8");
  const source = /```ts\n(\/\/ assembly\/index\.ts\n[^]*?)```/.exec(readme)?.[1] ?? "";
  const folder = await folderOf(t, {
    "package.json": '{ "name": "greeter" }',
    "assembly/index.ts": source,
  });
  const { file } = await buildPlugin(folder, { release: false });
  assert.equal(file, join(folder, "build", "greeter.wasm"));
  const { exports } = (await load(await readFile(file)))({
    config: { get: (key) => (key === "greeting" ? json("Ahoy") : undefined), all: () => json({}) },
  });
  exports.plugin.initialize(json({}));
  const { status, body } = exports.httpPlugin.handleRequest({
    id: "1",
    method: "GET",
    path: "/greet/Ada",
    params: [{ name: "name", value: "Ada" }],
    query: [],
    headers: [],
    body: new Uint8Array(0),
    user: undefined,
  });
  assert.deepEqual([status, new TextDecoder().decode(body)], [200, "Ahoy, Ada!"]);
});

test("the api plugin says that it is healthy, and who it is", async () => {
  const { exports } = (await load(await readFile(fixture("api"))))();
  exports.plugin.initialize(json({}));
  assert.deepEqual(exports.httpPlugin.registerRoutes(), [
    { method: "GET", pattern: "/api/health" },
    { method: "GET", pattern: "/api/version" },
  ]);
  const get = (path: string) => {
    const { status, headers, body } = exports.httpPlugin.handleRequest({
      id: "1",
      method: "GET",
      path,
      params: [],
      query: [],
      headers: [],
      body: new Uint8Array(0),
      user: undefined,
    });
    return [status, headers[0]?.value, new TextDecoder().decode(body)];
  };
  assert.deepEqual(get("/api/health"), [
    200,
    "application/json",
    '{"status":"healthy","timestamp":"2025-11-22T19:10:54.123Z"}',
  ]);
  assert.deepEqual(get("/api/version"), [200, "application/json", '{"version":"1.0.0","name":"api"}']);
  assert.equal(get("/api/other")[0], 404);
});

// The types of AssemblyScript are not quite TypeScript's: this is what an author sees in an editor.
test("an editor finds nothing wrong with a plugin", async () => {
  const tsc = join(packageRoot, "node_modules", ".bin", "tsc");
  for (const folder of [
    "plugins-as/api",
    "plugins-as/notes",
    "plugins-as/notifier",
    "test/fixtures/conformance-as",
  ]) {
    await promisify(execFile)(tsc, ["-p", join(packageRoot, folder)]);
  }
});
