import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { PluginStatus } from "tusk-host";
import { answering } from "../kit/answering-build.ts";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { serveTusk, startTusk, tusk } from "../kit/tusk.ts";

suite("a host that runs and is told what to do", () => {
  const folder = temporaryFolder();
  const env = { XDG_CACHE_HOME: folder.path };

  /** A folder in which "p" answers every query with 1. */
  async function site(name: string): Promise<string> {
    await folder.write(`${name}/plugins/p.wasm`, await answering(1));
    return join(folder.path, name);
  }

  const query = ["call", "p", "database-plugin", "execute-query", '""', "[]"];

  test("reloads, rolls back, disables and enables a plugin, and says what came of it", async () => {
    const cwd = await site("steered");
    await using running = await serveTusk(["--no-watch"], { cwd, env });
    const ask = async (...args: string[]) => {
      const { code, stdout, stderr } = await tusk(args, { cwd, env });
      return [code, stdout.trim(), /error (\w+)/.exec(stderr)?.[1] ?? ""];
    };
    await folder.write("steered/plugins/p.wasm", await answering(2));
    assert.deepEqual(await ask(...query), [0, "1", ""]);
    assert.deepEqual(await ask("reload", "p"), [0, "p is serving, version 1.0.0, generation 2", ""]);
    assert.deepEqual(await ask(...query), [0, "2", ""]);
    assert.deepEqual(await ask("rollback", "p"), [0, "p is serving, version 1.0.0, generation 3", ""]);
    assert.match((await ask("list"))[1] as string, /^p: rolled back; .*"tusk reload p"$/m);
    assert.deepEqual(await ask("disable", "p"), [0, "p is disabled", ""]);
    assert.deepEqual(await ask("reload", "p"), [1, "", "PLUGIN_NOT_SERVING"]);
    assert.match((await ask("list"))[1] as string, /^p +- +disabled/m);
    assert.deepEqual(await ask("enable", "p"), [0, "p is serving, version 1.0.0, generation 4", ""]);
    assert.match((await ask("enable", "p"))[1] as string, /as before: it is not disabled$/);
    assert.deepEqual(await ask(...query), [0, "1", ""]);
    await folder.write("steered/plugins/p.wasm", "broken");
    assert.deepEqual(await ask("reload", "p"), [1, "", "BINARY_NOT_WASM"]);
    assert.equal((await running.next("refused"))["plugin"], "p");
  });

  test("passes its errors on, with their exit codes", async () => {
    const cwd = await site("errors");
    await using _ = await serveTusk([], { cwd, env });
    const unknown = await tusk(["rollback", "q", "--json"], { cwd, env });
    const { error } = JSON.parse(unknown.stderr) as { error: { code: string; message: string } };
    assert.deepEqual([unknown.code, error.code], [2, "PLUGIN_UNKNOWN"]);
    assert.match(error.message, /Did you mean "p"\?/);
    const missing = await tusk(["call", "p", "http-plugin", "register-routes"], { cwd, env });
    assert.deepEqual([missing.code, /^error (\w+)/m.exec(missing.stderr)?.[1]], [1, "CAPABILITY_MISSING"]);
    const nobody = await tusk(["status", "--folder", "nowhere"], { cwd, env });
    assert.deepEqual([nobody.code, /^error (\w+)/m.exec(nobody.stderr)?.[1]], [1, "HOST_NOT_RUNNING"]);
    const misnamed = await tusk(["status", "api"], { cwd: folder.path, env });
    assert.deepEqual([misnamed.code, /^error (\w+)/m.exec(misnamed.stderr)?.[1]], [3, "SETTINGS_UNREADABLE"]);
  });

  test("refuses a second host on its settings, unless that one does without control", async () => {
    const cwd = await site("second");
    await using running = await serveTusk([], { cwd, env });
    const second = await tusk(["run", "--port", "0"], { cwd, env });
    assert.deepEqual([second.code, /^error (\w+)/m.exec(second.stderr)?.[1]], [4, "CONTROL_TAKEN"]);
    await using alone = await serveTusk(["--no-control"], { cwd, env });
    assert.equal(alone.started["control"], undefined);
    running.signal("SIGTERM");
    await running.ended;
    assert.equal((await tusk(["status"], { cwd, env })).code, 1);
  });

  test("tells how it does, and list and call ask it unless they are told not to", async () => {
    const cwd = await site("status");
    const config = await folder.write("status/tusk.json", JSON.stringify({ plugins: { p: {} } }));
    await using running = await serveTusk([config], { env });
    const status = JSON.parse((await tusk(["status", "--json"], { cwd, env })).stdout) as {
      [key: string]: unknown;
      plugins: PluginStatus[];
    };
    assert.equal(status["url"], running.url);
    assert.equal(status["settings"], config);
    assert.equal(status.plugins[0]?.state, "serving");
    for (const named of [[config], ["--config", config]]) {
      const { stdout } = await tusk(["status", ...named], { env });
      assert.match(stdout, /^Listening on +http.*^p +1\.0\.0 +serving/ms);
    }
    await folder.write("status/plugins/p.wasm", await readFile(fixture("api")));
    await running.next("swapped");
    const generations = async (...args: string[]) => {
      const { stdout } = await tusk(["list", "--json", ...args], { cwd, env });
      return (JSON.parse(stdout) as PluginStatus[]).map(({ generation }) => generation);
    };
    assert.deepEqual(await generations(), [2]);
    assert.deepEqual(await generations("--alone"), [1]);
  });

  test("tells what happened, and goes on telling until it ends", async () => {
    const cwd = await site("logs");
    await using running = await serveTusk(["--no-watch"], { cwd, env });
    await using following = startTusk(["logs", "-f", "p", "--json"], { cwd, env });
    await folder.write("logs/plugins/p.wasm", await answering(2));
    await tusk(["reload", "p"], { cwd, env });
    await following.line((line) => line.includes('"swapped"'));
    const last = await tusk(["logs", "-n", "1"], { cwd, env });
    assert.match(last.stdout, /^[\d:.]+ swapped p to generation 2 in .*\n$/);
    const unknown = await tusk(["logs", "-f", "q"], { cwd, env });
    assert.deepEqual([unknown.code, /^error (\w+)/m.exec(unknown.stderr)?.[1]], [2, "PLUGIN_UNKNOWN"]);
    running.signal("SIGTERM");
    await following.line((line) => line.includes('"stopped"'));
    assert.equal((await following.ended).code, 0);
    assert.equal((await running.ended).code, 0);
  });
});
