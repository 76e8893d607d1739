import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { createHost, createHttpServer, type Host } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import type { HostSettingsInput, PluginSettingsInput } from "../../host/config/settings-schema.ts";
import type { LogEntry } from "../../host/services/logger/log-entry.ts";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("a line that a plugin logs", () => {
  const path = fixture("talkative-as");
  /** It may ask others, and none are there. */
  const alone = { path, dependencies: ["nobody?"] };
  const folder = temporaryFolder();

  async function start(
    t: TestContext,
    plugins: Record<string, PluginSettingsInput>,
    host: Omit<HostSettingsInput, "plugins"> = {},
  ) {
    const log = recordingLog();
    const settings = await settingsFor(plugins, host);
    const running: Host = await createHost({ settings, folder: null, cacheDir: `${folder.path}/cache`, log });
    t.after(() => running.shutdown());
    const problems = running.plugins().map(({ problem }) => problem);
    assert.deepEqual(
      problems.filter((problem) => problem !== undefined),
      [],
    );
    const server = await createHttpServer(running, { port: 0, guards: settings.http.guards });
    t.after(() => server.close());
    const loaded = log.entries.splice(0);
    return { host: running, url: server.url, log, loaded };
  }

  const said = ({ plugin, message, requestId }: LogEntry) => `${requestId ?? "-"} ${plugin}: ${message}`;

  test("while it serves a request says which, in guards, in middleware, and in whom it asks", async (t) => {
    const { url, log, loaded } = await start(
      t,
      {
        back: { ...alone, mount: "/back" },
        middle: { path, mount: "/middle", config: { asks: "back" }, dependencies: ["back"] },
        front: { path, mount: "/front", config: { asks: "middle" }, dependencies: ["middle"] },
        gate: { ...alone, mount: "/gate" },
      },
      { http: { guards: [{ path: "/front/*", plugin: "gate", resource: "talk" }] } },
    );
    assert.ok(loaded.length > 0);
    assert.ok(loaded.every(({ requestId }) => requestId === undefined));
    const headers = { "x-request-id": "r-1", authorization: "Bearer me" };
    const response = await fetch(`${url}/front/talk`, { headers });
    assert.deepEqual([response.headers.get("x-request-id"), await response.text()], ["r-1", "r-1"]);
    const around = ["back", "gate", "middle", "front"];
    assert.deepEqual(log.entries.map(said), [
      ...around.map((plugin) => `r-1 ${plugin}: before`),
      "r-1 gate: authenticate",
      "r-1 gate: authorize",
      "r-1 front: handle-request",
      "r-1 middle: execute-query",
      "r-1 back: execute-query",
      "r-1 front: handled",
      ...around.toReversed().map((plugin) => `r-1 ${plugin}: after`),
    ]);
  });

  test("belongs to its own request, whatever else is served meanwhile by the same instances", async (t) => {
    const { url, log } = await start(t, {
      back: { ...alone, mount: "/back", instances: 2 },
      front: { path, mount: "/front", config: { asks: "back" }, dependencies: ["back"], instances: 3 },
    });
    const answers = Array.from({ length: 20 }, async () => (await fetch(`${url}/front/talk`)).text());
    const ids = await Promise.all(answers);
    assert.equal(new Set(ids).size, 20);
    for (const id of ids) {
      const own = log.entries.filter(({ requestId }) => requestId === id).map(({ message }) => message);
      assert.deepEqual(own.toSorted(), [
        "after",
        "after",
        "before",
        "before",
        "execute-query",
        "handle-request",
        "handled",
      ]);
    }
  });

  test("while it is called by a program says what the program calls it, and nothing the next time", async (t) => {
    const { host, log } = await start(t, {
      back: { ...alone, mount: "/back" },
      front: { path, config: { asks: "back" }, dependencies: ["back"] },
    });
    const { database } = host.plugin("front");
    await database.executeQuery("", [], { requestId: "job 7\n" });
    await database.executeQuery("", []);
    await database.executeQuery("", [], { requestId: "x".repeat(1_000) });
    const ids = log.entries.map(({ requestId = "-" }) => requestId);
    const long = `${"x".repeat(128)}… (872 more characters)`;
    assert.deepEqual(ids, ["job 7\\n", "job 7\\n", "-", "-", long, long]);
  });

  test(
    "on its standard output and error says for which request, too",
    { skip: skipUnlessBuilt("wasi-std") },
    async (t) => {
      const { host, log } = await start(t, { printer: { path: fixture("wasi-std") } });
      const requestId = "r-2";
      await host.plugin("printer").database.executeQuery("print", ["out", "err"], { requestId });
      assert.deepEqual(log.entries.map(said), ["r-2 printer: out", "r-2 printer: err"]);
    },
  );

  test("by wasi:logging says for which request, too", { skip: skipUnlessBuilt("wasi-crates") }, async (t) => {
    const permissions = { cache: true, "http-client": ["127.0.0.1:1"] };
    const plugin = { path: fixture("wasi-crates"), permissions, placement: "inline" } as const;
    const { url, log } = await start(t, { crates: plugin });
    await fetch(`${url}/log?heard`, { headers: { "x-request-id": "r-3" } });
    assert.deepEqual(log.entries.map(said), ["r-3 crates: heard"]);
  });

  test(
    "by a standard HTTP component says for which request, too",
    { skip: skipUnlessBuilt("proxy") },
    async (t) => {
      const { url, log } = await start(t, { standard: { path: fixture("proxy"), placement: "inline" } });
      const response = await fetch(`${url}/traps`, { headers: { "x-request-id": "r-4" } });
      assert.equal(response.status, 502);
      assert.match(
        log.entries.map(said).join("\n"),
        /^r-4 standard: .*\n(r-4 standard: .*\n)*r-4 standard: .*$/,
      );
    },
  );
});
