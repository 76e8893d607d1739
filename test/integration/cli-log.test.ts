import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, watch } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { suite, test } from "node:test";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { type RunningTusk, serveTusk, startTusk, tusk } from "../kit/tusk.ts";

const onLinux = { skip: process.platform === "linux" ? false : "it takes /dev/full" };

type Line = Readonly<Record<string, unknown>> & { readonly event: string };

suite("the log of tusk run", () => {
  const folder = temporaryFolder();
  const env = { XDG_CACHE_HOME: folder.path };

  /** A folder with settings in which a plugin logs each of its calls. */
  async function site(name: string, log: object): Promise<string> {
    const talkative = { path: fixture("talkative-as"), dependencies: ["nobody?"] };
    await folder.write(`${name}/tusk.json`, JSON.stringify({ plugins: { talkative }, log }));
    return join(folder.path, name);
  }

  const linesOf = async (file: string): Promise<Line[]> =>
    (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);

  async function stop(running: RunningTusk) {
    running.signal("SIGTERM");
    return running.ended;
  }

  test("goes to the file that the settings name, and what is printed is where it serves and that it ends", async () => {
    const cwd = await site("file", { file: "tusk.log" });
    await using running = await serveTusk(["--access-log"], { cwd, env });
    const headers = { "x-request-id": "r-1" };
    assert.equal((await fetch(`${running.url}/talk`, { headers })).status, 200);
    await fetch(`${running.url}/talk`);
    const { code, stdout, stderr } = await stop(running);
    assert.deepEqual([code, stderr], [0, ""]);
    const printed = stdout.trim().split("\n");
    assert.deepEqual(
      printed.map((line) => (JSON.parse(line) as Line).event),
      ["started", "stopping", "ended"],
    );
    const lines = await linesOf(join(cwd, "tusk.log"));
    const ofRequest = lines.filter(({ requestId }) => requestId === "r-1");
    assert.deepEqual(
      ofRequest.map(({ event, level, message, status }) => [event, level, message ?? status]),
      [
        ["log", "info", "before"],
        ["log", "info", "handle-request"],
        ["log", "info", "handled"],
        ["log", "info", "after"],
        ["request", "info", 200],
      ],
    );
    const events = new Set(lines.map(({ event }) => event));
    for (const event of ["started", "stopping", "stopped", "ended"]) assert.ok(events.has(event), event);
  });

  test("goes on under its name when the file was moved away and SIGHUP tells so", async () => {
    const cwd = await site("rotated", { file: "tusk.log" });
    await using running = await serveTusk(["--access-log"], { cwd, env });
    const ask = async (id: string) =>
      (await fetch(`${running.url}/talk`, { headers: { "x-request-id": id } })).text();
    await ask("r-1");
    await rename(join(cwd, "tusk.log"), join(cwd, "tusk.log.1"));
    await ask("r-2");
    running.signal("SIGHUP");
    // Asked until it is heard: a signal is not answered.
    const heard = async () => (await ask("again"), readFile(join(cwd, "tusk.log")).catch(() => undefined));
    while ((await heard()) === undefined);
    await ask("r-3");
    await site("rotated", { file: "elsewhere.log" });
    while (!(await readFile(join(cwd, "tusk.log"), "utf8")).includes("settings-refused")) await ask("again");
    assert.equal((await stop(running)).code, 0);
    const ids = async (name: string) =>
      (await linesOf(join(cwd, name)))
        .filter(({ event }) => event === "request")
        .map(({ requestId }) => requestId)
        .filter((id) => id !== "again");
    assert.deepEqual(await ids("tusk.log.1"), ["r-1", "r-2"]);
    assert.deepEqual(await ids("tusk.log"), ["r-3"]);
    const after = await linesOf(join(cwd, "tusk.log"));
    assert.ok(after.some(({ event }) => event === "settings-taken"));
    const refused = after.find(({ event }) => event === "settings-refused")?.["error"];
    // Where lines go holds until it is started anew.
    assert.equal((refused as { code: string }).code, "SETTINGS_FIXED");
  });

  test("that cannot be written keeps it from starting, with the reason", async () => {
    const cwd = await site("missing", { file: "nowhere/tusk.log" });
    const { code, stdout, stderr } = await tusk(["run", "--port", "0"], { cwd, env });
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, /^error LOG_FILE_UNUSABLE: The log file ".*nowhere\/tusk\.log" .*ENOENT/);
  });

  test("on a disk that is full costs its lines and one error, and not the host", onLinux, async () => {
    const cwd = await site("full", { file: "/dev/full" });
    await using running = await serveTusk(["--access-log"], { cwd, env });
    for (let i = 0; i < 3; i++) assert.equal((await fetch(`${running.url}/talk`)).status, 200);
    const { code, stderr } = await stop(running);
    assert.equal(code, 0);
    assert.equal(stderr.split("LOG_FILE_UNUSABLE").length - 1, 1);
    assert.match(stderr, /ENOSPC/);
  });

  test(
    "goes on in its file although nothing can be printed, and the process ends with a failure",
    onLinux,
    async () => {
      const cwd = await site("unprinted", { file: "tusk.log" });
      await folder.write("unprinted/tusk.log", "");
      const full = await open("/dev/full", "w");
      const watcher = watch(cwd);
      const started = new Promise<void>((resolve) => {
        watcher.on("change", () => {
          if (readFileSync(join(cwd, "tusk.log"), "utf8").includes('"started"')) resolve();
        });
      });
      const args = [
        join(import.meta.dirname, "../../host/cli/main.ts"),
        "run",
        "--port",
        "0",
        "--no-control",
      ];
      const stdio = ["ignore", full.fd, "pipe"] as const;
      const child = spawn(process.execPath, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: [...stdio],
      });
      const errors = text(child.stderr ?? assert.fail());
      const ended = once(child, "exit");
      await full.close();
      await started;
      watcher.close();
      const line = (await linesOf(join(cwd, "tusk.log"))).find(({ event }) => event === "started");
      assert.equal((await fetch(`${line?.["url"] as string}/talk`)).status, 200);
      child.kill("SIGTERM");
      assert.deepEqual(await ended, [1, null]);
      assert.equal((await errors).split("OUTPUT_LOST").length - 1, 1);
    },
  );

  test("is for a person if the settings say so, and no milder than they say but for who may log more", async () => {
    const cwd = await site("text", { file: "tusk.log", format: "text", level: "warn" });
    const settings = JSON.parse(await readFile(join(cwd, "tusk.json"), "utf8")) as {
      plugins: Record<string, object>;
    };
    settings.plugins["second"] = { ...settings.plugins["talkative"], mount: "/second", logLevel: "trace" };
    await folder.write("text/tusk.json", JSON.stringify(settings));
    await using running = startTusk(["run", "--port", "0", "--access-log"], { cwd, env });
    const listening = await running.line((line) => line.startsWith("Listening on "));
    await fetch(`${listening.slice("Listening on ".length)}/talk`, { headers: { "x-request-id": "r-1" } });
    const { code, stdout } = await stop(running);
    assert.equal(code, 0);
    assert.match(stdout, /ending +on SIGTERM/);
    const log = await readFile(join(cwd, "tusk.log"), "utf8");
    assert.match(log, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} info {2}second \[r-1\]: before$/m);
    assert.doesNotMatch(log, /info {2}talkative|request +GET|\u001b/);
  });

  test("is shown for one request by tusk logs", async () => {
    const cwd = await site("shown", {});
    await using running = await serveTusk([], { cwd, env });
    for (const id of ["r-1", "r-2"]) {
      await (await fetch(`${running.url}/talk`, { headers: { "x-request-id": id } })).text();
    }
    const shown = await tusk(["logs", "--request", "r-2"], { cwd, env });
    assert.match(shown.stdout, /^(\S+ info {2}talkative \[r-2\]: \S+\n){4}$/);
    const json = await tusk(["logs", "--request", "r-1", "--json"], { cwd, env });
    const lines = json.stdout.trim().split("\n");
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as Line)["requestId"]),
      Array.from({ length: 4 }, () => "r-1"),
    );
    assert.equal((await tusk(["logs", "--request", "r-9"], { cwd, env })).stdout, "");
  });
});
