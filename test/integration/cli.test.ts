import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import type { PluginStatus } from "tusk-host";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { tusk } from "../kit/tusk.ts";

suite("the command line", () => {
  const folder = temporaryFolder();
  const cache = { env: { XDG_CACHE_HOME: folder.path } };

  /** A folder with the two example plugins and settings for both. */
  async function site(): Promise<string> {
    const settings = {
      plugins: {
        api: { path: fixture("api") },
        postgres: {
          path: fixture("postgres"),
          config: { database: "main" },
          permissions: { database: ["main"] },
        },
      },
      databases: { main: "sqlite::memory:" },
    };
    return folder.write("site/tusk.json", JSON.stringify(settings));
  }

  test("a command line that is wrong is told what would be right, and ends with 2", async () => {
    const cases: [args: string[], message: RegExp][] = [
      [[], /Which command\? See "tusk --help"/],
      [["help", "nothing"], /Which command\? See "tusk --help"/],
      [["lst"], /Unknown command 'lst'\. Did you mean "list"\?/],
      [["run", "--prot", "1"], /Unknown option '--prot'\. Did you mean "--port"\? See "tusk run --help"/],
      [["run", "--port", "70000"], /A port is a number from 0 to 65535/],
      [["run", "a.json", "b.json"], /Too many arguments/],
      [["inspect"], /Missing required argument 'file'/],
      [["inspect", "nowhere.wasm"], /There is no file "nowhere.wasm"/],
      [["call", "api", "http-plugin", "handle"], /no function "handle".*handle-request/],
      [["build", "a", "b", "--out-file", "c"], /--out-file names one file/],
      [["build", folder.path], /holds no plugin that can be built/],
    ];
    const answers = await Promise.all(cases.map(([args]) => tusk(args)));
    for (const [i, { code, stdout, stderr }] of answers.entries()) {
      const [args, message] = cases[i] as (typeof cases)[number];
      assert.match(stderr, message, args.join(" "));
      assert.match(stderr, /^error [A-Z_]+: /m);
      assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    }
  });

  test("with --json an error is JSON, too", async () => {
    const { code, stderr } = await tusk(["inspect", "nowhere.wasm", "--json"]);
    const { error } = JSON.parse(stderr) as { error: { code: string; details: { command: string } } };
    assert.deepEqual([code, error.code, error.details.command], [2, "USAGE_INVALID", "tusk inspect"]);
  });

  test("every command has help with examples, and the version is told", async () => {
    assert.match((await tusk(["help", "new"])).stdout, /^Usage: tusk new /);
    for (const command of ["run", "list", "inspect", "call", "build"]) {
      const { code, stdout } = await tusk([command, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples:\n {2}tusk ${command}`));
      assert.match(stdout, /--json/);
    }
    const { stdout } = await tusk(["--version"]);
    assert.match(stdout, /^tusk-host \d+\.\d+\.\d+, contract 0\.1\.0, Node v\d+/);
  });

  test("a Node that cannot run plugins is refused before anything is loaded", async () => {
    const { code, stderr } = await tusk(["run"], {
      nodeOptions: ["--import", "data:text/javascript,delete WebAssembly.Suspending"],
    });
    assert.match(stderr, /^error RUNTIME_UNSUPPORTED: This is Node v\d.*JSPI/);
    assert.equal(code, 5);
  });

  test("inspect tells what a component can do and what it asks for", async () => {
    const file = fixture("postgres");
    const { code, stdout } = await tusk(["inspect", file]);
    assert.equal(code, 0);
    assert.match(stdout, /capabilities +database-plugin\n/);
    assert.match(stdout, /asks for +database\n/);
    const { plugin, coreModules } = JSON.parse((await tusk(["inspect", "--json", file])).stdout) as {
      plugin: { permissions: string[]; contractVersion: string };
      coreModules: { memories: { minBytes: number }[] }[];
    };
    assert.deepEqual([plugin.permissions, plugin.contractVersion], [["database"], "0.1.0"]);
    assert.ok((coreModules[0]?.memories[0]?.minBytes ?? 0) >= 65_536);
  });

  test("inspect tells a core module from a component, and what is wrong with what is neither", async () => {
    const whole = await readFile(fixture("api"));
    const core = await folder.write("core.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    const empty = await folder.write("empty.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0));
    const text = await folder.write("text.wasm", "<html>");
    const cut = await folder.write("cut.wasm", whole.subarray(0, whole.length - 100));
    const module = await tusk(["inspect", core]);
    assert.equal(module.code, 1);
    assert.match(module.stdout, /kind +core module\n[^]*error CONTRACT_EXPORT_MISSING/);
    const noPlugin = await tusk(["inspect", empty]);
    assert.equal(noPlugin.code, 1);
    assert.match(noPlugin.stdout, /kind +component\n[^]*error CONTRACT_EXPORT_MISSING/);
    const broken = await Promise.all([text, cut].map((file) => tusk(["inspect", file])));
    assert.deepEqual(
      broken.map(({ code, stderr }) => [code, /^error (\w+)/.exec(stderr)?.[1]]),
      [
        [1, "BINARY_NOT_WASM"],
        [1, "BINARY_MALFORMED"],
      ],
    );
  });

  test("list tells what became of each plugin, and fails if one did not load", async () => {
    const good = await tusk(["list", await site()], cache);
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /^PLUGIN +VERSION +STATE +KIND +CAPABILITIES +MEMORY +GENERATION +LOADED IN\n/);
    assert.match(
      good.stdout,
      /^api +1\.0\.0 +serving +component +http-plugin +\S+ KB \/ 100 MB +1 +\S+ m?s$/m,
    );
    assert.match(good.stdout, /^postgres .* database-plugin /m);

    const bad = await folder.write(
      "bad.json",
      JSON.stringify({ plugins: { postgres: { path: fixture("postgres") } } }),
    );
    const failed = await tusk(["list", bad], cache);
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /^postgres +- +failed /m);
    assert.match(
      failed.stdout,
      /^postgres: error PERMISSION_MISSING: .*"permissions": \{ "database": \["main"\] \}/m,
    );
    const [status] = JSON.parse((await tusk(["list", bad, "--json"], cache)).stdout) as PluginStatus[];
    assert.deepEqual([status?.state, status?.problem?.code], ["failed", "PERMISSION_MISSING"]);
  });

  test("graph shows who waits for whom, with times, and for other programs", async () => {
    const path = fixture("api");
    const config = await folder.write(
      "graph.json",
      JSON.stringify({
        top: { path, dependencies: ["middle"] },
        middle: { path, dependencies: ["base"] },
        base: { path },
      }),
    );
    const tree = await tusk(["graph", config], cache);
    assert.equal(tree.code, 0, tree.stderr);
    assert.match(tree.stdout, /^1\. base {2}\d+ ms\n└─ 2\. middle {2}\d+ ms\n {3}└─ 3\. top {2}\d+ ms\n$/);
    assert.match((await tusk(["graph", config, "--format", "dot"], cache)).stdout, /"top" -> "middle";/);
    assert.match((await tusk(["graph", config, "--format", "mermaid"], cache)).stdout, /^graph LR\n/);
    const { order } = JSON.parse((await tusk(["graph", config, "--json"], cache)).stdout) as {
      order: string[];
    };
    assert.deepEqual(order, ["base", "middle", "top"]);

    const circle = { a: { dependencies: ["b"] }, b: { dependencies: ["a"] } };
    const failed = await tusk(["graph", await folder.write("circle.json", JSON.stringify(circle))], cache);
    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /^error DEPENDENCY_CYCLE: .*a → b → a/);
  });

  test("colours are for terminals, and for those who ask for them", async () => {
    const config = await site();
    const plain = await tusk(["list", config], cache);
    const coloured = await tusk(["list", config], { env: { ...cache.env, FORCE_COLOR: "1" } });
    const { stderr } = await tusk(["nothing"], { env: { FORCE_COLOR: "1" } });
    assert.ok(!plain.stdout.includes("\u001b"));
    assert.ok(coloured.stdout.includes("\u001b[32mserving\u001b[39m"));
    assert.ok(stderr.startsWith("\u001b[31merror\u001b[39m USAGE_INVALID"));
  });

  test("call prints what a plugin answers, with every digit", async () => {
    const config = await site();
    const query = ["postgres", "database-plugin", "execute-query"];
    const rows = await tusk(
      ["call", ...query, "\"SELECT ?1 AS n, x'ff' AS b\"", "[9007199254740993]", "--config", config],
      cache,
    );
    assert.equal(rows.code, 0, rows.stderr);
    assert.deepEqual(rows.stdout.replaceAll(/\s/g, ""), '[{"n":9007199254740993,"b":{"base64":"/w=="}}]');
    assert.match(rows.stderr, /postgres: database "main" is open/);
    const request = '{"method": "GET", "path": "/api/version"}';
    const { stdout } = await tusk(["call", "api", "http-plugin", "handle-request", request], {
      ...cache,
      cwd: `${folder.path}/site`,
    });
    const response = JSON.parse(stdout) as { status: number; body: string };
    assert.equal(response.status, 200);
    assert.deepEqual(JSON.parse(response.body), { version: "1.0.0", name: "api" });
  });

  test("call loads a file without settings, and only what is called", async () => {
    const args = ["call", "whatever", "http-plugin", "register-routes", "--file", fixture("api")];
    const { code, stdout } = await tusk(args, { ...cache, cwd: folder.path });
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), [
      { method: "GET", pattern: "/api/health" },
      { method: "GET", pattern: "/api/version" },
    ]);
  });

  test("call says in a word why there is no answer", async () => {
    const config = await site();
    const call = (...args: string[]) => tusk(["call", ...args, "--config", config], cache);
    const answers = await Promise.all([
      call("postgres", "database-plugin", "execute-query", '"SELEC 1"', "[]"),
      call("postgrse", "database-plugin", "execute-query", '"SELECT 1"', "[]"),
      call("api", "database-plugin", "execute-query", '"SELECT 1"', "[]"),
      call("postgres", "database-plugin", "execute-query", "1", "[]"),
    ]);
    assert.deepEqual(
      answers.map(({ code, stdout, stderr }) => [code, stdout, /^error (\w+)/m.exec(stderr)?.[1]]),
      [
        [1, "", "PLUGIN_ERROR"],
        [2, "", "PLUGIN_UNKNOWN"],
        [1, "", "CAPABILITY_MISSING"],
        [2, "", "VALUE_INVALID"],
      ],
    );
    assert.match(answers[1]?.stderr ?? "", /Did you mean "postgres"\?/);
  });

  test("build tells what it made, and where the source is wrong", async () => {
    const source = 'import { Plugin } from "tusk-plugin-as";\nconst n: i32 = "text";\n';
    await folder.write("broken/package.json", '{"name": "broken"}');
    await folder.write("broken/assembly/index.ts", source);
    const { code, stderr, stdout } = await tusk(["build", `${folder.path}/broken`, "--json"]);
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(stdout), []);
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string } };
    assert.equal(error.code, "BUILD_FAILED");
    assert.match(error.message, /assembly\/index\.ts:2:16: /);
  });
});
