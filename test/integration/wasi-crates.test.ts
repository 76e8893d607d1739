import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { createHost, createHttpServer } from "tusk-host";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import type { LogEntry } from "../../host/services/logger/log-entry.ts";
import { fixtureFile, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** A server that others talk to. @returns its host and port. */
async function listen(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

suite("a component that uses the crates of WASI", { skip: skipUnlessBuilt("wasi-crates") }, () => {
  const folder = temporaryFolder();

  async function serve(t: TestContext, settings: PluginSettingsInput) {
    const log: LogEntry[] = [];
    // What its binary asks for it has to be granted, used or not.
    const permissions = { cache: true, "http-client": ["127.0.0.1:1"], ...settings.permissions };
    const plugin = { path: fixtureFile("wasi-crates"), ...settings, permissions };
    const host = await createHost({
      settings: await settingsFor({ standard: plugin }),
      folder: null,
      cacheDir: `${folder.path}/cache`,
      log: { write: (entry) => void log.push(entry) },
    });
    t.after(() => host.shutdown());
    assert.deepEqual(host.plugins()[0]?.problem, undefined);
    const server = await createHttpServer(host, { port: 0 });
    t.after(() => server.close());
    const text = async (path: string) => (await fetch(`${server.url}${path}`)).text();
    return { text, url: server.url, log };
  }

  test("is refused without the grants that its imports ask for", async () => {
    const settings = await settingsFor({ standard: { path: fixtureFile("wasi-crates") } });
    await using host = await createHost({ settings, folder: null, cacheDir: `${folder.path}/cache` });
    const { problem } = host.plugin("standard").status();
    assert.equal(problem?.code, "PERMISSION_MISSING");
    assert.match(problem.message, /"cache": true/);
    assert.match(problem.message, /"http-client"/);
  });

  test("sends requests with a body to a server that it was granted", async (t) => {
    const seen: string[] = [];
    const target = await listen(t, (request, response) => {
      seen.push(`${request.method} ${request.url} ${String(request.headers["x-from"])}`);
      response.writeHead(201, { "x-answer": "yes" });
      request.pipe(response);
    });
    const { url } = await serve(t, { permissions: { "http-client": [target] } });
    const body = "x".repeat(300_000);
    const response = await fetch(`${url}/fetch?http://${target}/a/path`, { method: "PUT", body });
    assert.deepEqual([response.status, response.headers.get("x-answer")], [201, "yes"]);
    assert.equal(await response.text(), body);
    assert.deepEqual(seen, ["PUT /a/path a component"]);
  });

  test("sends none to a server or by a method that it was not granted, and the log says what would grant it", async (t) => {
    let asked = 0;
    const target = await listen(t, (_request, response) => {
      asked++;
      response.end("it was reached");
    });
    const { url, log } = await serve(t, {
      permissions: { "http-client": [{ host: target, methods: ["GET"] }] },
    });
    const port = Number(target.split(":")[1]);
    for (const [method, to] of [
      ["POST", target],
      ["GET", `localhost:${port}`],
      ["GET", `127.0.0.1:${port + 1}`],
    ] as const) {
      const response = await fetch(`${url}/fetch?http://${to}/`, { method });
      assert.equal(response.status, 502);
      assert.match(await response.text(), /HttpRequestDenied/);
    }
    assert.equal(asked, 0);
    assert.match(log[0]?.message ?? "", /is not granted. The settings would say: "http-client"/);
    assert.equal(await (await fetch(`${url}/fetch?http://${target}/`)).text(), "it was reached");
  });

  test("is told that a server cannot be reached", async (t) => {
    const { text } = await serve(t, { permissions: { "http-client": ["127.0.0.1:1"] } });
    assert.match(await text("/fetch?http://127.0.0.1:1/"), /DestinationUnavailable/);
  });

  test("reads its settings", async (t) => {
    const config = { greeting: "hello", nested: { port: 80 } };
    const { text } = await serve(t, { config });
    assert.equal(await text("/config?greeting"), 'Ok(Some("hello"))');
    assert.equal(await text("/config?nested.port"), 'Ok(Some("80"))');
    assert.equal(await text("/config?missing"), "Ok(None)");
    assert.equal(
      await text("/config-all"),
      String.raw`Ok([("greeting", "hello"), ("nested", "{\"port\":80}")])`,
    );
  });

  test("keeps values in the cache", async (t) => {
    const { text } = await serve(t, {});
    assert.equal(await text("/keep?abc"), "Ok((Some([97, 98, 99]), true, false, true))");
    assert.match(await text("/buckets?other"), /^Err\(Error::NoSuchStore/);
    assert.equal(await text("/buckets?"), 'Ok("opened")');
  });

  test("logs, where critical is an error", async (t) => {
    const { text, log } = await serve(t, {});
    await text("/log?message");
    const { level, message, fields } = log[0] ?? {};
    assert.deepEqual([level, message, fields], ["error", "message", { context: "a context" }]);
  });

  test("has no folder without a grant, and nothing of the system", async (t) => {
    const { text } = await serve(t, {});
    assert.equal(await text("/folders"), "Ok([])");
    assert.match(await text("/read?hello.txt"), /^Err.*"no-entry"/);
    assert.equal(await text("/system"), "Ok((0, 16, true, 0))");
  });

  test("reads and writes a folder that it was granted, and nothing else", async (t) => {
    const path = join(folder.path, "files", "data");
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "hello.txt"), "hello");
    await writeFile(join(path, "../secret.txt"), "a secret");
    await symlink("../secret.txt", join(path, "out"));
    const { text } = await serve(t, { permissions: { filesystem: [{ path, access: "write" }] } });
    assert.equal(await text("/folders"), 'Ok([("/data", DescriptorFlags(READ | MUTATE_DIRECTORY))])');
    assert.equal(await text("/read?hello.txt"), 'Ok("hello")');
    assert.equal(await text("/write?new.txt"), "Ok(11)");
    assert.equal(await readFile(join(path, "new.txt"), "utf8"), "by a stream");
    for (const way of ["out", "../secret.txt", join(path, "hello.txt")]) {
      assert.match(await text(`/read?${way}`), /^Err.*not-permitted/);
      assert.match(await text(`/write?${way}`), /^Err.*(not-permitted|loop)/);
    }
  });
});
