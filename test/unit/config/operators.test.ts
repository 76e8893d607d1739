import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Clock } from "../../../host/core/clock.ts";
import type { CachedValue, SettingsOptions } from "../../../host/config/settings-options.ts";
import { evaluateTsk } from "./evaluate-tsk.ts";
import { reportOf } from "./problems-of.ts";

const NOON = Date.UTC(2026, 0, 4, 12, 5, 9, 30);
const clock: Clock = { now: () => NOON, monotonic: () => 0, after: () => () => {} };

async function valueOf(expression: string, options: SettingsOptions = {}): Promise<unknown> {
  return (await evaluateTsk(`value: ${expression}`, { clock, ...options }))["value"];
}

async function refusalOf(expression: string, options: SettingsOptions = {}): Promise<string> {
  const [report = "", ...others] = await reportOf(evaluateTsk(`value: ${expression}`, { clock, ...options }));
  assert.deepEqual(others, []);
  return report;
}

/** A folder with files in it, and another beside it. */
async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), "tusk-config-"));
  t.after(() => rm(outer, { recursive: true }));
  await mkdir(join(outer, "beside"));
  await writeFile(join(outer, "beside", "secret.txt"), "not for settings");
  await mkdir(join(outer, "settings", "below"), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(outer, "settings", name), text);
  return join(outer, "settings");
}

test("a variable of the environment is read as what its default is", async () => {
  const env = { PORT: "9000", RATE: "-1.5e2", DEBUG: "Yes", QUIET: "0", NAME: "x", ODD: "12px" };
  assert.equal(await valueOf('@env("PORT", 8080)', { env }), 9000);
  assert.equal(await valueOf('@env("RATE", 1)', { env }), -150);
  assert.equal(await valueOf('@env("DEBUG", false)', { env }), true);
  assert.equal(await valueOf('@env("QUIET", true)', { env }), false);
  assert.equal(await valueOf("@env.get('PORT')", { env }), "9000");
  assert.equal(await valueOf('@env("NAME", "y")', { env }), "x");
  assert.equal(await valueOf('@env("NONE", 1 + 1)', { env }), 2);
  assert.equal(await valueOf("@env.get('NONE')", { env }), null);
  assert.equal(
    await refusalOf('@env("ODD", 1)', { env }),
    '1:8 value: "ODD" in the environment should be a number, as its default is.',
  );
  assert.equal(await valueOf("@env('toString')", { env }), null);
});

test("a variable that must be there is missed when it is not there, or empty", async () => {
  const env = { KEY: "k", EMPTY: "" };
  assert.equal(await valueOf("@env.required('KEY')", { env }), "k");
  assert.equal(await valueOf("@env.secure('KEY')", { env }), "k");
  assert.equal(
    await refusalOf("@env.required('NONE')", { env }),
    '1:8 value: The environment has no "NONE". Set it.',
  );
  assert.equal(
    await refusalOf("@env.secure('EMPTY')", { env }),
    '1:8 value: "EMPTY" is empty in the environment. Set it.',
  );
});

test("dates are those of the clock, in UTC, in the letters of PHP", async () => {
  assert.equal(await valueOf("@date.now()"), "2026-01-04T12:05:09.030Z");
  assert.equal(await valueOf('@date("Y-m-d H:i:s")'), "2026-01-04 12:05:09");
  assert.equal(await valueOf('@date("c")'), "2026-01-04T12:05:09+00:00");
  assert.equal(await valueOf('@date("D, d M Y H:i:s O")'), await valueOf('@date("r")'));
  // 4 January 2026 is a Sunday, the last day of the first week.
  assert.equal(
    await valueOf("@date('l jS N w z W o t L y n F g:i a A h G u v U e T P Z I')"),
    [
      "Sunday 4S 7 0 3 01 2026 31 0 26 1 January 12:05 pm PM 12 12 030000 030",
      `${Math.floor(NOON / 1000)} UTC UTC +00:00 0 0`,
    ].join(" "),
  );
  assert.equal(await valueOf(String.raw`@date('\Y\m Ym')`), "Ym 202601");
  assert.equal(await valueOf('@date.add("7d")'), "2026-01-11T12:05:09.030Z");
  assert.equal(await valueOf('@date.add("-90m")'), "2026-01-04T10:35:09.030Z");
  assert.equal(await valueOf('@date.add("+1 hour")'), "2026-01-04T13:05:09.030Z");
  assert.equal(await valueOf('@date.add("2 weeks")'), "2026-01-18T12:05:09.030Z");
  assert.match(await refusalOf('@date.add("1 month")'), /"1 month" is no span of time/);
  assert.match(await refusalOf('@date.add("999999999w")'), /leads to no date/);
});

test("files are read from the folder of the settings and from nowhere else", async (t) => {
  const baseFolder = await folderWith(t, { "motd.txt": "hello\n", "below/deep.txt": "deep" });
  await symlink("../beside/secret.txt", join(baseFolder, "link.txt"));
  await symlink("../beside", join(baseFolder, "linked"));
  await symlink("below/deep.txt", join(baseFolder, "inner.txt"));
  await writeFile(join(baseFolder, "latin1.txt"), Buffer.from([0xe4]));
  await writeFile(join(baseFolder, "large.txt"), Buffer.alloc(2 ** 20 + 1));
  const options = { baseFolder };
  assert.equal(await valueOf('@file.read("motd.txt")', options), "hello\n");
  assert.equal(await valueOf('@file.read("below/../motd.txt")', options), "hello\n");
  assert.equal(await valueOf('@file.read("inner.txt")', options), "deep");
  assert.equal(await valueOf(`@file.read('${join(baseFolder, "motd.txt")}')`, options), "hello\n");
  assert.equal(await valueOf('@file.exists("motd.txt")', options), true);
  assert.equal(await valueOf('@file.exists("none.txt")', options), false);
  const outside = [
    "../beside/secret.txt",
    "/etc/passwd",
    "link.txt",
    "linked/secret.txt",
    "linked/none.txt",
    "..",
  ];
  for (const path of outside) {
    for (const operator of ["file.read", "file.exists"]) {
      assert.match(
        await refusalOf(`@${operator}('${path}')`, options),
        /is outside the folder of the settings/,
      );
    }
  }
  assert.match(await refusalOf("@file.read('none.txt')", options), /There is no file "none.txt"/);
  assert.match(await refusalOf("@file.read('below')", options), /"below" is no file/);
  assert.match(await refusalOf("@file.read('latin1.txt')", options), /it is not UTF-8/);
  assert.match(
    await refusalOf("@file.read('large.txt')", options),
    /1048577 bytes; settings read 1048576 at most/,
  );
  assert.match(await refusalOf("@file.read('')", options), /is no path/);
  assert.match(await refusalOf("@file.read('motd.txt')"), /came from no folder/);
});

test("values come from other files, and whatever is wrong there is shown there", async (t) => {
  const baseFolder = await folderWith(t, {
    "secrets.tsk": "[api]\nkey: 'k-123456'\nlist: [1, 2]",
    "broken.tsk": "a: 1\nb: $none",
    "a.tsk": "x: @b.tsk.get('x')",
    "b.tsk": "x: @a.tsk.get('x')",
    "self.tsk": "x: @test.tsk.get('x')",
  });
  const options = { baseFolder };
  assert.equal(await valueOf("@secrets.tsk.get('api.key')", options), "k-123456");
  assert.deepEqual(await valueOf("@secrets.tsk.get('api')", options), { key: "k-123456", list: [1, 2] });
  assert.equal(await valueOf("@secrets.tsk.get('api.none', 5)", options), 5);
  assert.match(await refusalOf("@secrets.tsk.get('api.none')", options), /"secrets.tsk" has no "api.none"/);
  assert.match(await refusalOf("@none.tsk.get('a')", options), /There is no file "none.tsk"/);
  assert.match(await refusalOf("@broken.tsk.get('a')", options), /^2:4 b: "\$none" is not set above/);
  assert.match(
    await refusalOf("@a.tsk.get('x')", options),
    /circle: "test.tsk" → "a.tsk" → "b.tsk" → "a.tsk"/,
  );
  assert.match(
    await refusalOf("@self.tsk.get('x')", options),
    /circle: "test.tsk" → "self.tsk" → "test.tsk"/,
  );
});

test("a JSON text is decoded as it stands", async () => {
  assert.deepEqual(await valueOf(`@json_decode('{"a": [1, "@env.get(1)", {"b": null}]}')`), {
    a: [1, "@env.get(1)", { b: null }],
  });
  assert.match(await refusalOf("@json_decode('[1,\n 2')".replace("\n", "")), /no JSON \(line 1, column 6\)/);
  assert.match(await refusalOf(`@json_decode('{"a": 1, "a": 2}')`), /"a" is set already/);
});

test("what is cached is kept until its time is over, from one load to the next", async () => {
  let now = 0;
  let asked = 0;
  const cache = new Map<string, CachedValue>();
  const options: SettingsOptions = {
    clock: { ...clock, now: () => now },
    cache,
    query: () => Promise.resolve(++asked),
  };
  const load = () => valueOf('@cache("5m", @query("SELECT 1"))', options);
  assert.equal(await load(), 1);
  now = 299_999;
  assert.equal(await load(), 1);
  now = 300_000;
  assert.equal(await load(), 2);
  assert.match(await refusalOf('@cache("soon", 1)'), /"soon" is no duration/);
});

test("what reaches outside needs a grant", async () => {
  assert.match(await refusalOf('@query("SELECT 1")'), /@query reaches outside, and is not granted/);
  assert.match(await refusalOf('@http("GET", "https://example.com")'), /@http reaches outside/);
  assert.match(await refusalOf("@memory.get_usage()"), /is not granted/);
  const asked: unknown[] = [];
  const answer = (...args: unknown[]) => {
    asked.push(args);
    return Promise.resolve([{ n: 1 }]);
  };
  const granted: SettingsOptions = { query: answer, http: answer, memoryUsage: () => 4096 };
  assert.deepEqual(await valueOf('@query("SELECT ? AS n", 1)', granted), [{ n: 1 }]);
  assert.deepEqual(await valueOf('@http("post", "https://x/", { a: 1 })', granted), [{ n: 1 }]);
  assert.equal(await valueOf("@memory.get_usage()", granted), 4096);
  assert.deepEqual(asked, [
    ["SELECT ? AS n", [1]],
    ["POST", "https://x/", { a: 1 }],
  ]);
  const failing: SettingsOptions = { query: () => Promise.reject(new Error("no such table")) };
  assert.match(await refusalOf('@query("SELECT 1")', failing), /@query failed: "no such table"/);
  const odd: SettingsOptions = { query: () => Promise.resolve(new Date() as never) };
  assert.match(
    await refusalOf('@query("SELECT 1")', odd),
    /gives an object of a class, which JSON cannot write/,
  );
});

test("a line is logged without its secrets", async () => {
  const lines: string[] = [];
  const log = (level: string, message: string) => lines.push(`${level} ${message}`);
  const text = `key: @env.secure('KEY')\na: @log.info("key is \${key}")\nb: @log.warn("careful")`;
  const value = await evaluateTsk(text, { env: { KEY: "hush-hush" }, log });
  assert.deepEqual(lines, ["info key is [secret]", "warn careful"]);
  assert.equal(value["b"], "careful");
});

test("an operator that is used wrongly says how it is used", async () => {
  const usage = "@if has 2 arguments, and is used as @if(condition, value, otherwise).";
  assert.equal(await refusalOf("@if(true, 1)"), `1:8 ${usage}`);
  assert.equal(await refusalOf("@env"), '1:8 The arguments are missing: write @env("NAME", default).');
  assert.equal(await refusalOf("@env(1)"), "1:8 value: Argument 1 should be a text, and is 1.");
});
