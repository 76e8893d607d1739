import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { RunReport } from "../../../host/cli/run-report.ts";
import { RunServers } from "../../../host/cli/run-servers.ts";
import { parseSettings } from "../../../host/config/parse-settings.ts";
import type { Host } from "../../../host/plugin/host.ts";
import { StandInHost } from "../http/stand-in-host.ts";

suite("the servers of tusk run", () => {
  const guards = [{ path: "/secret", plugin: "nobody" }];
  const settingsOf = async (http: object) =>
    (await parseSettings({ plugins: {}, http: { port: 0, ...http } })).http;
  const report = {
    requested: () => undefined,
    routesChanged: () => undefined,
    moved: () => undefined,
    fault: (error: unknown) => assert.fail(String(error)),
  } as unknown as RunReport;

  test("that move guard what is new at the old address, too, and nothing of it if they do not move", async () => {
    const host = new StandInHost({ p: { routes: ["GET /secret"] } });
    await using servers = await RunServers.open(
      host as unknown as Host,
      await settingsOf({ host: "127.0.0.1" }),
      {},
      report,
    );
    const { url } = servers;
    const status = async () => (await fetch(`${url}/secret`)).status;
    assert.equal(await status(), 204);

    const meanwhile: number[] = [];
    const refused = servers.follow(await settingsOf({ host: "localhost", guards }), async () => {
      meanwhile.push(await status());
      throw new Error("refused");
    });
    await assert.rejects(refused, /refused/);
    assert.deepEqual([servers.url, await status()], [url, 204]);

    await servers.follow(await settingsOf({ host: "localhost", guards }), async () => {
      meanwhile.push(await status());
    });
    assert.deepEqual(meanwhile, [401, 401]);
    assert.equal((await fetch(`${servers.url}/secret`)).status, 401);
    await assert.rejects(fetch(`${url}/secret`));
  });
});
