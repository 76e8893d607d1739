import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { createHost, type Host, HostError } from "tusk-host";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import type { LogEntry } from "../../host/services/logger/log-entry.ts";
import { fixtureFile, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

type Grants = NonNullable<NonNullable<PluginSettingsInput["permissions"]>["filesystem"]>;

suite("a plugin that asks the standard library of Rust", { skip: skipUnlessBuilt("wasi-std") }, () => {
  const folder = temporaryFolder();

  async function start(t: TestContext, filesystem: Grants = [], log: LogEntry[] = []) {
    const plugin = { path: fixtureFile("wasi-std"), permissions: { filesystem } };
    const settings = await settingsFor({ "wasi-std": plugin });
    const cacheDir = `${folder.path}/cache`;
    const sink = { write: (entry: LogEntry) => void log.push(entry) };
    const host: Host = await createHost({ settings, folder: null, cacheDir, log: sink });
    t.after(() => host.shutdown());
    assert.deepEqual(host.plugins()[0]?.problem, undefined);
    const { database } = host.plugin("wasi-std");
    const ask = (action: string, ...texts: string[]) => database.executeQuery(action, texts);
    /** The kind of error that the standard library tells. */
    const refused = async (action: string, ...texts: string[]) => {
      const error: unknown = await ask(action, ...texts).catch((thrown: unknown) => thrown);
      assert.ok(HostError.is(error, "PLUGIN_ERROR"), `${action} ${texts.join(" ")} was not refused`);
      return error.details.text;
    };
    return { ask, refused };
  }

  /** A folder "data" with two files and links, and beside it what a plugin must not reach. */
  async function data(name: string): Promise<string> {
    const outer = join(folder.path, name);
    const inner = join(outer, "data");
    await mkdir(join(inner, "sub"), { recursive: true });
    await writeFile(join(inner, "hello.txt"), "Hello, file!");
    await writeFile(join(inner, "sub/deep.txt"), "deep");
    await writeFile(join(outer, "secret.txt"), "a secret");
    await symlink("../../secret.txt", join(inner, "sub/up"));
    await symlink(join(outer, "secret.txt"), join(inner, "absolute"));
    await symlink("..", join(inner, "parent"));
    await symlink("sub/deep.txt", join(inner, "inside"));
    await symlink("sub", join(inner, "folder-inside"));
    await symlink("round", join(inner, "round"));
    return inner;
  }

  test("has no environment, no arguments and no input", async (t) => {
    const { ask } = await start(t);
    assert.deepEqual(await ask("environment"), { variables: 0, args: 0, folder: "/" });
    assert.equal(await ask("input"), 0);
  });

  test("has the time, sleeps, and has randomness", async (t) => {
    const { ask } = await start(t);
    const { seconds, monotonic } = (await ask("time")) as { seconds: number; monotonic: boolean };
    assert.ok(Math.abs(seconds - Date.now() / 1000) < 60);
    assert.equal(monotonic, true);
    assert.equal(await ask("sleep"), true);
    assert.deepEqual(await ask("random"), { differs: true, flushed: true });
  });

  for (const granted of [false, true]) {
    test(`prints into the log ${granted ? "with" : "without"} a folder of its own`, async (t) => {
      const log: LogEntry[] = [];
      const grants: Grants = granted ? [{ path: await data("prints"), access: "read" }] : [];
      const { ask } = await start(t, grants, log);
      await ask("print", "to stdout", "to stderr");
      const lines = log.map(({ level, message }) => [level, message]);
      assert.deepEqual(lines, [
        ["info", "to stdout"],
        ["error", "to stderr"],
      ]);
    });
  }

  test("has no files without a grant", async (t) => {
    const inner = await data("none");
    const { refused } = await start(t);
    for (const path of ["/data/hello.txt", "data/hello.txt", join(inner, "hello.txt"), "/etc/passwd", "/"]) {
      assert.match(await refused("read", path), /NotFound|Uncategorized|Other|PermissionDenied/, path);
    }
  });

  test("reads a folder that it was granted, by its name", async (t) => {
    const { ask } = await start(t, [{ path: await data("reads"), access: "read" }]);
    assert.equal(await ask("read", "/data/hello.txt"), "Hello, file!");
    assert.equal(await ask("read", "data/sub/../sub/./deep.txt"), "deep");
    assert.equal(await ask("read", "/data/inside"), "deep");
    assert.equal(await ask("read", "/data/folder-inside/deep.txt"), "deep");
    assert.deepEqual(await ask("stat", "/data/hello.txt"), { file: true, length: 12, recent: true });
    assert.deepEqual(await ask("list", "/data/sub"), ["deep.txt", "up"]);
  });

  test("reads no more than the folder, whatever a path or a link says", async (t) => {
    const inner = await data("confined");
    const { refused } = await start(t, [{ path: inner, access: "write" }]);
    const ways = [
      "/data/../secret.txt",
      "/data/sub/../../secret.txt",
      "/data/sub/up",
      "/data/absolute",
      "/data/parent/secret.txt",
      "/data/folder-inside/../../secret.txt",
      join(inner, "../secret.txt"),
      "/proc/self/environ",
    ];
    for (const path of ways) {
      for (const action of ["read", "stat", "list"]) {
        assert.match(await refused(action, path), /NotFound|PermissionDenied|Other|Uncategorized/, path);
      }
      assert.match(await refused("write", path, "x"), /./);
      assert.match(await refused("copy", path, "/data/stolen"), /./);
    }
    assert.match(await refused("read", "/data/round"), /./);
    assert.equal(await readFile(join(inner, "../secret.txt"), "utf8"), "a secret");
    assert.deepEqual(await readdir(join(inner, "..")), ["data", "secret.txt"]);
  });

  test("changes nothing where it may read", async (t) => {
    const inner = await data("read-only");
    const { refused } = await start(t, [{ path: inner, access: "read" }]);
    const before = await readdir(inner, { recursive: true });
    const attempts: [string, ...string[]][] = [
      ["write", "/data/hello.txt", "changed"],
      ["write", "/data/new.txt", "new"],
      ["append", "/data/hello.txt", "more"],
      ["create-new", "/data/new.txt"],
      ["make-folder", "/data/new"],
      ["remove", "/data/hello.txt"],
      ["remove-all", "/data/sub"],
      ["rename", "/data/hello.txt", "/data/moved.txt"],
      ["link", "/data/hello.txt", "/data/linked.txt"],
    ];
    for (const [action, ...texts] of attempts) assert.match(await refused(action, ...texts), /./);
    assert.deepEqual(await readdir(inner, { recursive: true }), before);
    assert.equal(await readFile(join(inner, "hello.txt"), "utf8"), "Hello, file!");
  });

  test("writes, appends, patches, renames and removes where it may write", async (t) => {
    const inner = await data("writes");
    const { ask, refused } = await start(t, [{ path: inner, access: "write" }]);
    await ask("write", "/data/new.txt", "one");
    await ask("append", "/data/new.txt", " two");
    assert.equal(await readFile(join(inner, "new.txt"), "utf8"), "one two");
    assert.deepEqual(await ask("patch", "/data/new.txt", "X"), { whole: "onX two", length: 3 });
    assert.equal(await refused("create-new", "/data/new.txt"), "AlreadyExists");
    await ask("rename", "/data/new.txt", "/data/sub/moved.txt");
    await ask("link", "/data/sub/moved.txt", "/data/linked.txt");
    assert.equal(await ask("copy", "/data/linked.txt", "/data/copied.txt"), 3);
    await ask("make-folder", "/data/a/b/c");
    assert.deepEqual(await ask("list", "/data/a"), ["b/"]);
    await ask("remove", "/data/linked.txt");
    await ask("remove-all", "/data/a");
    await ask("remove-all", "/data/sub");
    assert.deepEqual(await readdir(inner), [
      "absolute",
      "copied.txt",
      "folder-inside",
      "hello.txt",
      "inside",
      "parent",
      "round",
    ]);
    assert.equal(await refused("read", "/data/sub/deep.txt"), "NotFound");
  });

  test("reads and writes more than is taken at once", async (t) => {
    const inner = await data("much");
    const { ask } = await start(t, [{ path: inner, access: "write" }]);
    assert.equal(await ask("write-much", "/data/much"), 1_300_000);
    const written = await readFile(join(inner, "much"), "utf8");
    assert.deepEqual([written.lastIndexOf("x"), written.indexOf("y")], [999_999, 1_000_000]);
    assert.equal(await ask("length", "/data/much"), 1_300_000);
  });

  test("makes nothing of one folder writable by way of another", async (t) => {
    const inner = await data("two");
    const { ask, refused } = await start(t, [
      { path: inner, access: "read" },
      { path: join(inner, "sub"), access: "write" },
    ]);
    assert.match(await refused("link", "/data/hello.txt", "/sub/linked.txt"), /./);
    assert.match(await refused("rename", "/data/hello.txt", "/sub/moved.txt"), /./);
    assert.deepEqual(await ask("list", "/sub"), ["deep.txt", "up"]);
  });

  test("has few files open at once, and gives them back", async (t) => {
    const { ask } = await start(t, [{ path: await data("hoards"), access: "read" }]);
    for (let round = 0; round < 3; round++) {
      const open = (await ask("hoard", "/data/hello.txt")) as number;
      assert.ok(open > 10 && open < 64, `${open} files were open`);
    }
    assert.equal(await ask("read", "/data/hello.txt"), "Hello, file!");
  });

  test("is told when a folder is not there, and what the system refuses", async (t) => {
    const inner = await data("missing");
    const { refused } = await start(t, [{ path: join(inner, "gone"), access: "read" }]);
    assert.equal(await refused("read", "/gone/hello.txt"), "NotFound");
    await chmod(join(inner, "hello.txt"), 0o400);
    assert.equal((await stat(join(inner, "hello.txt"))).mode & 0o777, 0o400);
  });
});
