import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import { componentEmbed, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { createHost, type ErrorCode, type Host, HostError } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { loadContract } from "../../host/component/contract.ts";
import type { PluginKind } from "../../host/component/plugin-kind.ts";
import { buildWat, plainWat, watPlugin } from "../hostile/wat-plugin.ts";
import { fixture, type FixtureName, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { CONFORMANCE_GRANTS } from "../kit/swap-traffic.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { tusk } from "../kit/tusk.ts";

const WASI = (name: string, type: string) =>
  `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${type}))`;

/** Answers with the number that `code` leaves on the stack, below 128. */
const NUMBER = (code: string) =>
  `(i32.store8 (i32.const 2048) ${code}) (i32.store8 (i32.const 128) (i32.const 0))
   (i32.store (i32.const 132) (i32.const 2048)) (i32.store (i32.const 136) (i32.const 1)) (i32.const 128)`;

/** A list of one buffer at 3000: `length` bytes at `at`. */
const BUFFER = (at: number, length: number) =>
  `(i32.store (i32.const 3000) (i32.const ${at})) (i32.store (i32.const 3004) (i32.const ${length}))`;

suite("a plain core module", () => {
  const folder = temporaryFolder();
  const log = recordingLog();
  let host: Host;

  before(async () => {
    host = await createHost({ log });
  });
  after(() => host.shutdown());

  const load = async (name: string, parts: Parameters<typeof plainWat>[0]) =>
    host.load(await folder.write(`${name}.wasm`, await plainWat(parts)));

  test("is a plugin like any other, and its status says what it is", async () => {
    const plugin = await load("plain", {});
    assert.deepEqual(await plugin.database.executeQuery("", [1, "two"]), [1, "two"]);
    const { kind, capabilities, info } = plugin.status();
    assert.deepEqual([kind, capabilities, info?.name], ["plain-module", ["database-plugin"], "wat"]);
  });

  test("asks for permissions with its imports, before anything of it runs", async () => {
    const parts = {
      imports: `(import "tusk:plugin/cache@0.1.0" "delete" (func (param i32 i32 i32)))`,
      fields: "(func $spin (loop $again (br $again))) (start $spin)",
    };
    await assert.rejects(load("wants", parts), { code: "PERMISSION_MISSING" });
  });

  const refused: [what: string, parts: Parameters<typeof plainWat>[0], code: ErrorCode][] = [
    [
      "a function that the contract does not have",
      imported("tusk:plugin/clock@0.1.0", "now"),
      "CONTRACT_IMPORT_UNKNOWN",
    ],
    ["a function of no environment", imported("env", "system"), "CONTRACT_IMPORT_UNKNOWN"],
    [
      "a function that WASI does not have",
      imported("wasi_snapshot_preview1", "exec"),
      "CONTRACT_IMPORT_UNKNOWN",
    ],
    ["WASI as components have it", imported("wasi:cli/exit@0.2.0", "exit"), "CONTRACT_IMPORT_UNKNOWN"],
    ["a memory", { imports: '(import "env" "abort" (memory 1))' }, "CONTRACT_IMPORT_UNKNOWN"],
    ["another version of the contract", imported("tusk:plugin/clock@9.0.0", "now-ms"), "CONTRACT_VERSION"],
  ];
  for (const [what, parts, code] of refused) {
    test(`that imports ${what} is refused`, async () => {
      await assert.rejects(load("refused", parts), { code });
    });
  }

  test("that exports a part of an interface is refused", async () => {
    const text = watPlugin({}).replace("#create-table", "#make-table");
    const file = await folder.write("part.wasm", await parse(text));
    await assert.rejects(host.load(file), {
      code: "CONTRACT_EXPORT_MISSING",
      details: { plugin: "part", missing: "tusk:plugin/database-plugin@0.1.0#create-table" },
    });
  });

  test("cannot reach the host's objects by the names of its exports", async () => {
    const names = ["constructor#tainted", "__proto__.tainted", "toString.constructor#prototype"];
    const fields = names.map((name) => `(func (export "${name}"))`).join(" ");
    await load("tainting", { fields });
    assert.equal("tainted" in {}, false);
  });

  test("calls services in its start function", async () => {
    await load("early", {
      imports: `(import "tusk:plugin/logger@0.1.0" "log" (func $log (param i32 i32 i32 i32 i32 i32)))`,
      fields: `(func $start (call $log (i32.const 2) (i32.const 512) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0))) (start $start)`,
    });
    assert.equal(log.entries.findLast(({ plugin }) => plugin === "early")?.message, "wat");
  });

  test("writes to the log by WASI, and finds neither files nor arguments", async () => {
    const plugin = await load("wasi", {
      imports: `${WASI("fd_write", "(param i32 i32 i32 i32) (result i32)")}
        ${WASI("path_open", "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)")}
        ${WASI("fd_prestat_get", "(param i32 i32) (result i32)")}
        ${WASI("args_sizes_get", "(param i32 i32) (result i32)")}`,
      fields: '(data (i32.const 2500) "hello \\f0\\9f\\a6\\a3\\n")',
      query: `${BUFFER(2500, 11)} (drop (call $fd_write (i32.const 1) (i32.const 3000) (i32.const 1) (i32.const 3100)))
        (drop (call $args_sizes_get (i32.const 3104) (i32.const 3108)))
        ${NUMBER(`(i32.add (i32.load (i32.const 3104)) (i32.and
          (call $path_open (i32.const 3) (i32.const 0) (i32.const 2500) (i32.const 5) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 3200))
          (call $fd_prestat_get (i32.const 3) (i32.const 3300))))`)}`,
    });
    // EBADF: there is no third file.
    assert.equal(await plugin.database.executeQuery("", []), 8);
    assert.equal(log.entries.findLast((entry) => entry.plugin === "wasi")?.message, "hello 🦣");
  });

  const misuses: [what: string, call: string][] = [
    [
      "writes a million buffers",
      "(call $fd_write (i32.const 1) (i32.const 0) (i32.const 1000000) (i32.const 8))",
    ],
    [
      "writes what lies beyond its memory",
      `${BUFFER(2 ** 30, 8)} (call $fd_write (i32.const 1) (i32.const 3000) (i32.const 1) (i32.const 8))`,
    ],
    ["wants all of its memory random", "(call $random_get (i32.const 0) (i32.const 131072))"],
  ];
  for (const [i, [what, call]] of misuses.entries()) {
    test(`that ${what} is told that this is invalid`, async () => {
      const plugin = await load(`misuse-${i}`, {
        imports: `${WASI("fd_write", "(param i32 i32 i32 i32) (result i32)")} ${WASI("random_get", "(param i32 i32) (result i32)")}`,
        fields: `(func $attack (result i32) ${call})`,
        query: NUMBER("(call $attack)"),
      });
      assert.equal(await plugin.database.executeQuery("", []), 28);
    });
  }

  test("that has WASI write beyond its memory is ended", async () => {
    const plugin = await load("beyond", {
      imports: WASI("clock_time_get", "(param i32 i64 i32) (result i32)"),
      query: NUMBER("(call $clock_time_get (i32.const 0) (i64.const 0) (i32.const -8))"),
    });
    await assert.rejects(plugin.database.executeQuery("", []), { code: "SERVICE_MISUSED" });
  });

  test("that exits is ended, and its process is not", async () => {
    const plugin = await load("exits", {
      imports: WASI("proc_exit", "(param i32)"),
      query: "(call $proc_exit (i32.const 3)) (unreachable)",
    });
    await assert.rejects(plugin.database.executeQuery("", []), (error) => {
      assert.ok(HostError.is(error, "PLUGIN_EXITED"), String(error));
      return error.details.failed;
    });
  });
});

suite("core modules of the conformance plugin", () => {
  const folder = temporaryFolder();
  const log = recordingLog();
  const load = async (build: FixtureName, config = {}) => {
    const file = await folder.write("conformance.wasm", await readFile(fixture(build)));
    const settings = await settingsFor({ conformance: { path: file, config, ...CONFORMANCE_GRANTS } });
    return { file, host: await createHost({ log, settings }) };
  };

  test("a throw in AssemblyScript traps, and its last words are told", async () => {
    const { host } = await load("conformance-as-plain", { trap: true });
    await using _ = host;
    const { state, problem } = host.plugin("conformance").status();
    assert.deepEqual([state, problem?.code], ["failed", "PLUGIN_TRAPPED"]);
    assert.match(problem?.message ?? "", /trapped on purpose/);
    const { fields } = log.entries.findLast(({ message }) => message === "trapped on purpose") ?? {};
    assert.match(JSON.stringify(fields), /"file":"assembly\/index\.ts","line":\d+,"column":\d+/);
  });

  test("a plugin is swapped from a component to a plain module and back, and its state goes with it", async () => {
    const { file, host } = await load("conformance-as");
    await using _ = host;
    const plugin = host.plugin("conformance");
    const kinds: [FixtureName, PluginKind][] = [
      ["conformance-as-plain", "plain-module"],
      ["conformance-as", "component"],
    ];
    let count = 0;
    for (const [build, kind] of kinds) {
      const asked = Array.from({ length: 20 }, () => plugin.database.executeQuery("count", []));
      await folder.write("conformance.wasm", await readFile(fixture(build)));
      assert.equal(await host.reload("conformance"), true);
      await Promise.all(asked);
      count += asked.length;
      assert.equal(plugin.status().kind, kind);
      assert.equal(await plugin.database.executeQuery("count", []), ++count);
    }
    assert.equal(plugin.status().file, file);
  });

  const kinds: [FixtureName, string][] = [
    ["conformance-as", "component"],
    ["conformance-as-plain", "plain module"],
    ["conformance-rust-core", "described module"],
    ["conformance-rust-wasip1", "described module"],
  ];
  for (const [build, name] of kinds) {
    test(
      `inspect calls ${build} a ${name}, and knows what it asks for`,
      { skip: skipUnlessBuilt(build) },
      async () => {
        const { code, stdout } = await tusk(["inspect", fixture(build)]);
        assert.equal(code, 0);
        assert.match(stdout, new RegExp(`kind +${name}, for contract 0\\.1\\.0\\n`));
        assert.match(stdout, /asks for +(?=.*cache)(?=.*database)(?=.*http-client)(?=.*peers)/);
      },
    );
  }

  test("list says what kind of file a plugin is", async () => {
    const file = await folder.write("listed.wasm", await plainWat({}));
    const settings = await folder.write("list.json", JSON.stringify({ plugins: { listed: { path: file } } }));
    const { stdout } = await tusk(["list", settings]);
    assert.match(stdout, /^listed +1\.0\.0 +serving +plain module +database-plugin/m);
  });
});

suite("a core module that describes its component", () => {
  const folder = temporaryFolder();

  test("is made a component when it is loaded, once", async () => {
    const cacheDir = `${folder.path}/cache`;
    const file = await folder.write("described.wasm", await described({}));
    for (let i = 0; i < 2; i++) {
      await using host = await createHost({ cacheDir });
      const plugin = await host.load(file);
      assert.equal(plugin.status().kind, "described-module");
      assert.deepEqual(await plugin.database.executeQuery("", [i]), [i]);
    }
  });

  test("that imports WASI preview 1 is given an adapter", async () => {
    const log = recordingLog();
    await using host = await createHost({ log });
    const parts = {
      imports: WASI("fd_write", "(param i32 i32 i32 i32) (result i32)"),
      fields: '(data (i32.const 2500) "hello\\n")',
      query: `${BUFFER(2500, 6)} ${NUMBER("(call $fd_write (i32.const 1) (i32.const 3000) (i32.const 1) (i32.const 3100))")}`,
    };
    const plugin = await host.load(await folder.write("adapted.wasm", await described(parts)));
    assert.equal(await plugin.database.executeQuery("", []), 0);
    assert.equal(log.entries.findLast((entry) => entry.plugin === "adapted")?.message, "hello");
  });

  test("that says one thing and is another is refused, and the old build serves", async () => {
    await using host = await createHost();
    const file = await folder.write("swapped.wasm", await buildWat({}));
    const plugin = await host.load(file);
    // What describes it asks for an export that it does not have.
    const text = watPlugin({}).replace("#create-table", "#make-table");
    await folder.write("swapped.wasm", await describe(await parse(text)));
    await assert.rejects(host.reload("swapped"), { code: "COMPONENT_INVALID" });
    assert.deepEqual(await plugin.database.executeQuery("", [1]), [1]);
  });
});

function imported(module: string, name: string): { readonly imports: string } {
  return { imports: `(import "${module}" "${name}" (func))` };
}

async function described(parts: Parameters<typeof watPlugin>[0]): Promise<Uint8Array> {
  return describe(await parse(watPlugin(parts)));
}

async function describe(binary: Uint8Array): Promise<Uint8Array> {
  const { source } = await loadContract();
  const world = "world wat { include services; export plugin; export database-plugin; }";
  return componentEmbed({ binary, witSource: `${source}\n${world}`, world: "wat" });
}
