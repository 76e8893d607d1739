import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, rm, stat, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { HostError } from "../../../../host/core/error.ts";
import { LogFile } from "../../../../host/services/logger/log-file.ts";
import { temporaryFolder } from "../../../kit/temporary-folder.ts";

const onLinux = { skip: process.platform === "linux" ? false : "it takes /dev/full" };

suite("a log file", () => {
  const folder = temporaryFolder();
  const inFolder = (name: string) => join(folder.path, name);

  function open(path: string) {
    const told: string[] = [];
    const file = new LogFile(path, {
      failed: ({ message }) => void told.push(message),
      recovered: (lostLines) => void told.push(`recovered, ${lostLines} lost`),
    });
    return { file, told };
  }

  test("is added to, and each line is in it when it was written", async () => {
    const path = await folder.write("added.log", "before\n");
    const { file, told } = open(path);
    await using _ = file;
    file.write("one\n");
    assert.equal(await readFile(path, "utf8"), "before\none\n");
    file.write("two\n");
    assert.equal(await readFile(path, "utf8"), "before\none\ntwo\n");
    assert.deepEqual(told, []);
  });

  test("is made where there is none, for its owner to write and nobody else to read but its group", async () => {
    const path = inFolder("new.log");
    await open(path).file[Symbol.asyncDispose]();
    assert.equal((await stat(path)).mode & 0o026, 0);
  });

  test("that was moved away goes on until it is opened again, and then under its name", async () => {
    const path = inFolder("rotated.log");
    const { file, told } = open(path);
    await using _ = file;
    file.write("one\n");
    await rename(path, `${path}.1`);
    file.write("two\n");
    file.reopen();
    file.reopen();
    file.write("three\n");
    await rm(path);
    file.reopen();
    file.write("four\n");
    assert.equal(await readFile(`${path}.1`, "utf8"), "one\ntwo\n");
    assert.equal(await readFile(path, "utf8"), "four\n");
    assert.deepEqual(told, []);
  });

  test("that cannot be opened says which and why", async () => {
    await mkdir(inFolder("folder.log"));
    execFileSync("mkfifo", [inFolder("pipe.log")]);
    for (const [name, reason] of [
      ["folder.log", /it is no file/],
      ["pipe.log", /it is no file/],
      ["missing/file.log", /ENOENT/],
    ] as const) {
      assert.throws(
        () => open(inFolder(name)),
        (error) =>
          HostError.is(error, "LOG_FILE_UNUSABLE") &&
          error.message.includes(name) &&
          reason.test(error.details.reason),
      );
    }
  });

  test("that cannot be opened again stays open, and that is told each time", async () => {
    const path = inFolder("lost/file.log");
    await mkdir(inFolder("lost"));
    const { file, told } = open(path);
    await using _ = file;
    await rename(inFolder("lost"), inFolder("found"));
    file.reopen();
    file.write("still here\n");
    file.reopen();
    assert.equal(told.length, 2);
    assert.match(told[0] ?? "", /^The log file ".*lost\/file\.log" cannot be written to: .*ENOENT/);
    assert.equal(await readFile(inFolder("found/file.log"), "utf8"), "still here\n");
    await mkdir(inFolder("lost"));
    file.reopen();
    file.write("back again\n");
    assert.equal(await readFile(path, "utf8"), "back again\n");
    assert.equal(told.length, 2);
  });

  test(
    "on a disk that is full keeps what it can, says so once, and says what was lost",
    onLinux,
    async () => {
      const path = inFolder("full.log");
      await symlink("/dev/full", path);
      const { file, told } = open(path);
      await using _ = file;
      file.write("one\n");
      for (let line = 0; line < 10; line++) file.write(`${"x".repeat(200_000)}\n`);
      assert.equal(told.length, 1);
      assert.match(told[0] ?? "", /^The log file ".*full\.log" cannot be written to: .*ENOSPC/);
      await unlink(path);
      file.reopen();
      file.write("two\n");
      assert.deepEqual(told.slice(1), ["recovered, 5 lost"]);
      const text = await readFile(path, "utf8");
      assert.deepEqual([text.startsWith("one\nxxx"), text.endsWith("x\ntwo\n")], [true, true]);
      assert.equal(text.length, 4 + 5 * 200_001 + 4);
    },
  );

  test("on a disk that is full can be closed", onLinux, async () => {
    const { file, told } = open("/dev/full");
    file.write("lost\n");
    await file[Symbol.asyncDispose]();
    file.write("after its end\n");
    file.reopen();
    assert.equal(told.length, 1);
  });
});
