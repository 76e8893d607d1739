import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, cp, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { serveTusk, startTusk, tusk } from "../kit/tusk.ts";

/** The same component with a custom section that makes it another file. */
function numbered(component: Uint8Array, number: number): Buffer {
  const name = Buffer.from("build");
  return Buffer.concat([component, Buffer.of(0, name.length + 2, name.length), name, Buffer.of(number)]);
}

/** Asks without end, and tells every status. */
async function askUntil(signal: AbortSignal, url: string, tell: (status: number) => void): Promise<void> {
  while (!signal.aborted) tell((await fetch(url)).status);
}

suite("tusk run", () => {
  const folder = temporaryFolder();
  const env = { XDG_CACHE_HOME: folder.path };

  async function settings(name: string, plugins: object): Promise<string> {
    return folder.write(`${name}/tusk.json`, JSON.stringify({ plugins }));
  }

  test("serves what is in the folder, and ends with 0 when it is told to", async () => {
    await folder.write("plain/plugins/api.wasm", await readFile(fixture("api")));
    await using running = await serveTusk([], { cwd: join(folder.path, "plain"), env });
    const { plugins, routes, watching } = running.started as unknown as {
      plugins: { name: string; state: string; loadMs: number }[];
      routes: { plugin: string; pattern: string }[];
      watching: string;
    };
    assert.deepEqual([plugins[0]?.name, plugins[0]?.state], ["api", "serving"]);
    assert.deepEqual(
      routes.map(({ pattern }) => pattern),
      ["/api/health", "/api/version"],
    );
    assert.match(watching, /plain\/plugins$/);
    const response = await fetch(`${running.url}/api/health`);
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { status: string }).status, "healthy");
    running.signal("SIGTERM");
    const { code, stderr, stdout } = await running.ended;
    assert.deepEqual([code, stderr], [0, ""]);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual(events.slice(-3), ["stopping", "stopped", "ended"]);
  });

  test("follows its settings: when the file changes, and when SIGHUP says so; wrong ones change nothing", async () => {
    const path = fixture("api");
    const config = await settings("following", { api: { path } });
    await using running = await serveTusk([config], { env });
    await settings("following", { api: { path }, second: { path, enabled: true } });
    assert.equal((await running.next("serving"))["plugin"], "second");
    await running.next("settings-taken");

    await settings("following", { api: { paht: path } });
    await running.next("settings-refused");
    assert.equal((await fetch(`${running.url}/api/health`)).status, 200);

    await settings("following", { api: { path } });
    assert.equal((await running.next("stopped"))["plugin"], "second");
    await running.next("settings-taken");

    running.signal("SIGHUP");
    await running.next("settings-taken");
    running.signal("SIGTERM");
    const { code, stderr } = await running.ended;
    assert.equal(code, 0);
    assert.match(stderr, /SETTINGS_INVALID.*Did you mean \\"path\\"/);
  });

  test("moves to another address, and takes other limits, guards and an admin port, without a new start", async () => {
    const path = fixture("api");
    const write = (http: object) =>
      folder.write("moving/tusk.json", JSON.stringify({ plugins: { api: { path } }, http }));
    const config = await write({ port: 0 });
    await using running = await serveTusk([config], { env }, "run", []);
    const keptAlive = await fetch(`${running.url}/api/health`);
    assert.equal(keptAlive.status, 200);
    const guards = [{ path: "/api/version", plugin: "nobody" }];
    await write({ port: 0, guards, adminPort: 0 });
    const { adminUrl } = (await running.next("moved")) as unknown as { adminUrl: string };
    await running.next("settings-taken");
    assert.equal((await fetch(`${running.url}/api/version`)).status, 401);
    assert.equal((await fetch(`${adminUrl}/ready`)).status, 200);

    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    await write({ port, adminPort: 0 });
    await running.next("settings-refused");
    assert.equal((await fetch(`${running.url}/api/version`)).status, 401);
    taken.close();
    await once(taken, "close");
    running.signal("SIGHUP");
    const { url } = (await running.next("moved")) as unknown as { url: string };
    assert.equal(url, `http://127.0.0.1:${port}`);
    await running.next("settings-taken");
    assert.equal((await fetch(`${url}/api/version`)).status, 200);
    await assert.rejects(fetch(`${running.url}/api/version`));
    assert.match(
      await (await fetch(`${adminUrl}/metrics`)).text(),
      /tusk_http_requests_total\{[^}]*status="200"[^}]*\} 1\n/,
    );
    running.signal("SIGTERM");
    assert.equal((await running.ended).code, 0);
  });

  test("swaps a plugin while it is asked without end, and refuses a broken build with the reason", async () => {
    const build = await readFile(fixture("api"));
    const file = await folder.write("swapping/api.wasm", build);
    const config = await settings("swapping", { api: { path: file } });
    await using running = await serveTusk([config], { env });
    const statuses = new Set<number>();
    const enough = new AbortController();
    const asked = askUntil(enough.signal, `${running.url}/api/health`, (status) => statuses.add(status));
    for (let mark = 1; mark <= 5; mark++) {
      await folder.write("swapping/api.wasm", numbered(build, mark));
      const { generation } = await running.next("swapped");
      assert.equal(generation, mark + 1);
    }
    await folder.write("swapping/api.wasm", build.subarray(0, 1_000));
    const { error } = (await running.next("refused")) as unknown as { error: { code: string } };
    assert.equal(error.code, "BINARY_MALFORMED");
    enough.abort();
    await asked;
    assert.deepEqual([...statuses], [200]);
    running.signal("SIGINT");
    assert.equal((await running.ended).code, 0);
  });

  test("editing a plugin's source and building it swaps it, and nobody who asks meanwhile sees a failure", async () => {
    const source = join(import.meta.dirname, "../../plugins-as/api");
    const project = join(folder.path, "edited");
    await cp(source, project, { recursive: true, filter: (path) => basename(path) !== "build" });
    assert.equal((await tusk(["build", project])).code, 0);
    const config = await settings("editing", { api: { path: join(project, "build/api.wasm") } });
    await using running = await serveTusk([config], { env });
    const version = async () =>
      ((await (await fetch(`${running.url}/api/version`)).json()) as { version: string }).version;
    assert.equal(await version(), "1.0.0");
    const statuses = new Set<number>();
    const enough = new AbortController();
    const asked = askUntil(enough.signal, `${running.url}/api/health`, (status) => statuses.add(status));
    const index = join(project, "assembly/index.ts");
    await writeFile(index, (await readFile(index, "utf8")).replace('"1.0.0"', '"1.1.0"'));
    const built = await tusk(["build", project]);
    assert.match(built.stdout, /^api .* built in /);
    const { changes } = (await running.next("swapped")) as unknown as { changes: unknown[] };
    assert.deepEqual(changes[0], { what: "version", from: "1.0.0", to: "1.1.0" });
    assert.equal(await version(), "1.1.0");
    enough.abort();
    await asked;
    assert.deepEqual([...statuses], [200]);
  });

  test("the examples are built and served by one command", async () => {
    await using running = startTusk(["--port", "0"], { env, script: "examples/start.ts" });
    const expected = new Set(["postgres", "api", "auth", "notifier", "notes"]);
    while (expected.size > 0) {
      const line = await running.line((one) => /^[a-z]+ +\d+\.\d+\.\d+ +serving /.test(one));
      expected.delete(line.split(" ")[0] ?? "");
    }
    const listening = await running.line((line) => line.startsWith("Listening on "));
    const response = await fetch(`${listening.slice("Listening on ".length)}/api/health`);
    assert.equal(response.status, 200);
    running.signal("SIGINT");
    assert.equal((await running.ended).code, 0);
  });

  test("prints for a person: plugins, address, routes, and each event on a line", async () => {
    const api = await readFile(fixture("api"));
    await folder.write("person/plugins/api.wasm", api);
    const cwd = join(folder.path, "person");
    await using running = startTusk(["run", "--port", "0", "--access-log"], { cwd, env });
    await running.line((line) => /^api +1\.0\.0 +serving +component +http-plugin /.test(line));
    const listening = await running.line((line) => line.startsWith("Listening on "));
    await running.line((line) => /^ {2}GET +\/api\/health +api$/.test(line));
    const url = listening.slice("Listening on ".length);
    await fetch(`${url}/api/version?secret`, { headers: { "x-request-id": "mine" } });
    await running.line((line) =>
      /^[\d:.]+ request GET \/api\/version 200 in \S+ m?s api \[mine\]$/.test(line),
    );
    await folder.write("person/plugins/api.wasm", await readFile(fixture("postgres")));
    await running.line((line) =>
      /^[\d:.]+ refused api: PERMISSION_MISSING: .*What served before goes on\.$/.test(line),
    );
    await folder.write("person/plugins/other.wasm", api);
    await running.line((line) => /^[\d:.]+ refused ROUTE_CONFLICT: .*"other".*"api"/.test(line));
    running.signal("SIGINT");
    assert.equal((await running.ended).code, 0);
  });

  test("an address that is taken ends it with 4", async () => {
    await using running = await serveTusk([], { cwd: folder.path, env });
    const { port } = new URL(running.url);
    const { code, stderr } = await tusk(["run", "--port", port, "--no-control"], { cwd: folder.path, env });
    assert.equal(code, 4);
    assert.match(stderr, /^error LISTEN_FAILED: Cannot listen on "127\.0\.0\.1", port \d+: another program/m);
  });

  test("settings that are wrong are told with their line, and end with 3", async () => {
    const file = await folder.write(
      "wrong/tusk.json",
      '{\n  "plugins": {\n    "api": { "enabeld": true }\n  }\n}\n',
    );
    const { code, stderr } = await tusk(["run", file], { env });
    assert.equal(code, 3);
    assert.match(stderr, /^error SETTINGS_INVALID: [^]*:3:14[^]*enabled/);
    const missing = await tusk(["run", "nowhere.json"], { env });
    assert.deepEqual([missing.code, /^error (\w+)/.exec(missing.stderr)?.[1]], [3, "SETTINGS_UNREADABLE"]);
  });

  test("a second signal ends it at once", async () => {
    await copyFile(fixture("conformance-as"), await folder.write("hanging/plugin.wasm", ""));
    const grants = {
      permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
    };
    const plugin = { path: join(folder.path, "hanging/plugin.wasm"), dependencies: ["nobody?"], ...grants };
    await using running = await serveTusk([await settings("hanging", { plugin })], { env });
    const socket = connect(Number(new URL(running.url).port), "127.0.0.1");
    await once(socket, "connect");
    socket.on("error", () => undefined);
    socket.write(`POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n`);
    await once(socket, "data");
    running.signal("SIGTERM");
    await running.next("stopping");
    running.signal("SIGTERM");
    assert.equal((await running.ended).code, 143);
  });
});
