import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, rename, stat, symlink, utimes } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { suite, test } from "node:test";
import { askHost } from "../../../host/control/ask-host.ts";
import { type ControlServer, createControlServer } from "../../../host/control/control-server.ts";
import { type ControlAnswer, MAX_REQUEST_BYTES } from "../../../host/control/protocol.ts";
import { type ErrorCode, HostError } from "../../../host/core/error.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

suite("the control socket", { skip: process.platform === "win32" && "its folders have modes" }, () => {
  const folder = temporaryFolder();
  const addressIn = (name: string) => join(folder.path, name, "c.sock");
  const listen = (name: string, answer = async (): Promise<unknown> => []): Promise<ControlServer> =>
    createControlServer(addressIn(name), { answer });

  async function speak(address: string): Promise<Socket> {
    const socket = connect(address);
    await once(socket, "connect");
    return socket;
  }

  test("is its owner's alone, answers, and is gone when it is closed", async () => {
    const server = await listen("own", async () => [{ big: 2n ** 63n, bytes: Buffer.from("é") }]);
    assert.equal((await stat(join(folder.path, "own"))).mode & 0o777, 0o700);
    assert.equal((await stat(server.address)).mode & 0o777, 0o600);
    assert.deepEqual(await askHost(server.address, { command: "list" }), [{ big: 2n ** 63n, bytes: "é" }]);
    await server.close();
    assert.deepEqual(await readdir(join(folder.path, "own")), []);
    await assert.rejects(askHost(server.address, { command: "list" }), hasCode("HOST_NOT_RUNNING"));
  });

  test("is not for a second host while the first one lives", async () => {
    await using first = await listen("second");
    await assert.rejects(listen("second"), hasCode("CONTROL_TAKEN"));
    assert.deepEqual(await askHost(first.address, { command: "list" }), []);
  });

  test("that a host left behind which was killed is replaced, by one of those who try at once", async () => {
    await mkdir(join(folder.path, "stale"), { mode: 0o700 });
    const script = `require("net").createServer().listen(${JSON.stringify(addressIn("stale"))}, () => process.kill(process.pid, "SIGKILL"))`;
    await once(spawn(process.execPath, ["-e", script]), "close");
    assert.deepEqual(await readdir(join(folder.path, "stale")), ["c.sock"]);
    await assert.rejects(askHost(addressIn("stale"), { command: "list" }), hasCode("HOST_NOT_RUNNING"));
    const claims = await Promise.allSettled(Array.from({ length: 12 }, () => listen("stale")));
    const servers = claims.flatMap((claim) => (claim.status === "fulfilled" ? [claim.value] : []));
    assert.equal(servers.length, 1);
    for (const claim of claims) {
      if (claim.status === "rejected") assert.ok(hasCode("CONTROL_TAKEN")(claim.reason));
    }
    assert.deepEqual(await askHost(addressIn("stale"), { command: "list" }), []);
    await servers[0]?.close();
  });

  test("is claimed although a host was killed while it claimed it", async () => {
    const turn = `${addressIn("halted")}.claim`;
    await mkdir(turn, { recursive: true, mode: 0o700 });
    await utimes(turn, new Date(0), new Date(0));
    await using server = await listen("halted");
    assert.deepEqual(await askHost(server.address, { command: "list" }), []);
    assert.deepEqual(await readdir(join(folder.path, "halted")), ["c.sock"]);
  });

  test("is neither opened nor spoken to in a folder that is open to others, or is a link", async () => {
    await mkdir(join(folder.path, "open"));
    await chmod(join(folder.path, "open"), 0o750);
    await assert.rejects(listen("open"), hasCode("CONTROL_UNUSABLE"));
    await using server = await listen("linked");
    await rename(join(folder.path, "linked"), join(folder.path, "elsewhere"));
    await symlink("elsewhere", join(folder.path, "linked"));
    await assert.rejects(askHost(server.address, { command: "list" }), hasCode("CONTROL_UNUSABLE"));
    await assert.rejects(listen("linked"), hasCode("CONTROL_UNUSABLE"));
  });

  const wrong: Readonly<Record<string, string>> = {
    "an HTTP request, as a browser would send it": "POST / HTTP/1.1\r\nHost: x\r\n",
    "no JSON": "list",
    "no request": "[]",
    "another protocol": '{"protocol": 2, "command": "list"}',
    "an unknown command": '{"protocol": 1, "command": "exec"}',
    "an unknown key": '{"protocol": 1, "command": "list", "as": "root"}',
    "a value of another type": '{"protocol": 1, "command": "reload", "plugin": 7}',
  };

  test("refuses what is no request, and ends the connection", async () => {
    let asked = 0;
    await using server = await listen("wrong", async () => ++asked);
    for (const [what, line] of Object.entries(wrong)) {
      const socket = await speak(server.address);
      socket.write(`${line}\n{"protocol":1,"command":"list"}\n`);
      const [answer = "", ...more] = (await text(socket)).trim().split("\n");
      const { type, error } = JSON.parse(answer) as ControlAnswer & { type: "error" };
      assert.deepEqual([type, error.code, more], ["error", "CONTROL_REQUEST_INVALID", []], what);
    }
    assert.equal(asked, 0);
  });

  test("takes a request up to a size, and no further", async () => {
    await using server = await listen("large");
    const socket = await speak(server.address);
    const chunk = Buffer.alloc(2 ** 20, "[");
    for (let sent = 0; sent <= MAX_REQUEST_BYTES; sent += chunk.length) socket.write(chunk);
    const { error } = JSON.parse(await text(socket)) as ControlAnswer & { type: "error" };
    assert.match(error.message, /longer than 33554432 bytes/);
  });

  test("takes one request a connection, and serves many at once", async () => {
    await using server = await listen("many");
    const answers = await Promise.all(
      Array.from({ length: 32 }, () => askHost(server.address, { command: "list" })),
    );
    assert.equal(answers.length, 32);
  });

  test("tells the host when the one who asked has gone", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using server = await createControlServer(addressIn("gone"), {
      async answer(_, tell, signal) {
        await tell("begun");
        await once(signal, "abort");
        resolve();
      },
    });
    const socket = await speak(server.address);
    socket.write('{"protocol":1,"command":"list"}\n');
    await once(socket, "data");
    socket.destroy();
    await promise;
  });

  test("is closed although somebody takes nothing of what was asked for", async () => {
    const server = await createControlServer(addressIn("halted"), {
      async answer(_, tell, signal) {
        while (!signal.aborted) await tell("x".repeat(2 ** 20));
      },
    });
    const socket = await speak(server.address);
    socket.pause();
    socket.write('{"protocol":1,"command":"list"}\n');
    await once(socket, "readable");
    await server.close();
    socket.destroy();
  });

  test("passes errors on with their code and details", async () => {
    const unknown = { plugin: "apj", known: ["api"] };
    await using server = await listen("errors", () =>
      Promise.reject(new HostError("PLUGIN_UNKNOWN", unknown)),
    );
    await assert.rejects(askHost(server.address, { command: "list" }), (error) => {
      assert.ok(HostError.is(error, "PLUGIN_UNKNOWN"));
      assert.deepEqual(error.details, unknown);
      assert.match(error.message, /Did you mean "api"\?/);
      return true;
    });
    await using fault = await listen("fault", () => Promise.reject(new TypeError("x is not a function")));
    await assert.rejects(askHost(fault.address, { command: "list" }), hasCode("HOST_FAULT"));
  });

  test("says that the host is lost when it ends in the middle of an answer", async () => {
    await mkdir(join(folder.path, "lost"), { mode: 0o700 });
    const script = `require("net").createServer((s) => s.on("data", () => process.exit())).listen(${JSON.stringify(addressIn("lost"))}, () => console.log("up"))`;
    const child = spawn(process.execPath, ["-e", script]);
    await once(child.stdout, "data");
    await assert.rejects(askHost(addressIn("lost"), { command: "list" }), hasCode("CONTROL_LOST"));
  });
});

function hasCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}
