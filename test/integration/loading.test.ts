import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import { componentEmbed, componentNew, parse, print } from "@bytecodealliance/jco-transpile/wasm-tools";
import { createHost, type ErrorCode, type Host, HostError } from "tusk-host";
import { loadContract } from "../../host/component/contract.ts";
import { buildWat, watPlugin } from "../hostile/wat-plugin.ts";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const GRANTED = {
  permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
  dependencies: ["nobody?"],
};

suite("a plugin that cannot be loaded, or that dies, is one clear error, and the others go on", () => {
  const folder = temporaryFolder();
  let host: Host;
  let api: Buffer;

  before(async () => {
    api = await readFile(fixture("api"));
    host = await createHost();
    await host.load(fixture("api"));
  });
  after(async () => {
    const { status } = await host.plugin("api").http.handleRequest({ method: "GET", path: "/api/health" });
    assert.equal(status, 200);
    await host.shutdown();
  });

  /** Every version in a component of ours is as long as any other. */
  const withVersion = (version: string) =>
    Buffer.from(api.toString("latin1").replaceAll("@0.1.0", `@${version}`), "latin1");
  const withImport = (name: string) =>
    Buffer.from(api.toString("latin1").replaceAll("tusk:plugin/clock", `tusk:plugin/${name}`), "latin1");

  const broken: [what: string, bytes: () => Buffer | string, code: ErrorCode, says: RegExp][] = [
    ["an empty file", () => "", "BINARY_NOT_WASM", /is not WebAssembly/],
    ["a file that is no WebAssembly", () => "<html>", "BINARY_NOT_WASM", /starts with "<html>"/],
    [
      "a core module that is no plugin",
      () => Buffer.from("0061736d01000000", "hex"),
      "CONTRACT_EXPORT_MISSING",
      /does not export tusk:plugin\/plugin@0\.1\.0/,
    ],
    [
      "a component that ends early",
      () => api.subarray(0, 1000),
      "BINARY_MALFORMED",
      /truncated or damaged at byte \d+/,
    ],
    [
      "another version of the contract",
      () => withVersion("9.1.0"),
      "CONTRACT_VERSION",
      /version "9\.1\.0"; this host knows 0\.1\.0/,
    ],
    [
      "an import that there is not",
      () => withImport("clocc"),
      "CONTRACT_IMPORT_UNKNOWN",
      /Did you mean "tusk:plugin\/clock@0\.1\.0"/,
    ],
    [
      "a component that exports nothing of ours",
      () => Buffer.from("0061736d0d000100", "hex"),
      "CONTRACT_EXPORT_MISSING",
      /does not export tusk:plugin\/plugin@0\.1\.0/,
    ],
  ];
  for (const [what, bytes, code, says] of broken) {
    test(what, async () => {
      const file = await folder.write("broken.wasm", bytes());
      await assert.rejects(host.load(file), (error) => {
        assert.ok(HostError.is(error), String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, says);
        return true;
      });
      const { state, problem } = host.plugin("broken").status();
      assert.deepEqual([state, problem?.code], ["failed", code]);
    });
  }

  test("a file that is not there", async () => {
    await assert.rejects(host.load(`${folder.path}/missing.wasm`), hasCode("FILE_UNREADABLE"));
  });

  test("a plugin that nobody has loaded is asked for by a name that is nearly right", () => {
    assert.throws(
      () => host.plugin("apy"),
      (error) => HostError.is(error, "PLUGIN_UNKNOWN") && error.message.includes('Did you mean "api"?'),
    );
  });

  test("a capability that a plugin does not have", () => {
    assert.throws(() => host.plugin("api").database, hasCode("CAPABILITY_MISSING"));
    assert.equal(host.plugin("api").has("database"), false);
    assert.equal(host.plugin("api").has("http"), true);
  });

  test("a function that the contract does not have", async () => {
    await assert.rejects(
      host.plugin("api").call("http-plugin", "handle-requests", []),
      hasCode("FUNCTION_UNKNOWN"),
    );
  });

  test("a plugin that traps while it starts", async () => {
    const file = await folder.write("starts.wasm", await buildWat({ initialize: "(unreachable)" }));
    await assert.rejects(host.load(file), hasCode("PLUGIN_TRAPPED"));
  });

  test("a plugin that exits, which the process does not", async () => {
    const file = await folder.write("exits.wasm", await buildExiting());
    const plugin = await host.load(file);
    await assert.rejects(plugin.database.executeQuery("", []), (error) => {
      assert.ok(HostError.is(error, "PLUGIN_EXITED"), String(error));
      assert.equal(error.details.failed, true);
      return true;
    });
  });

  test("a component on which the one traps that takes components apart", async () => {
    // Strings in an encoding that no compiler of ours uses, and jco does not know.
    const wat = await print(api);
    const strange = await parse(wat.replaceAll("string-encoding=utf8", "string-encoding=latin1+utf16"));
    const file = await folder.write("strange.wasm", strange);
    await assert.rejects(host.load(file), hasCode("COMPONENT_INVALID"));
    // A build that nobody has seen before, since others need not be taken apart again.
    const sound = await host.load(
      await folder.write("sound.wasm", await buildWat({ query: "(unreachable)" })),
    );
    assert.equal(sound.has("database"), true);
  });

  for (const name of ["conformance-as", "conformance-rust"] as const) {
    test(
      `${name}: a guest that aborts says its last words, and the next call finds a fresh instance`,
      { skip: skipUnlessBuilt(name) },
      async () => {
        const settings = await settingsFor({ [name]: { ...GRANTED, path: fixture(name) } });
        const plugin = await host.load(fixture(name), settings.plugins[name]);
        assert.equal(await plugin.database.executeQuery("count", []), 1);
        await assert.rejects(plugin.database.executeQuery("trap", []), (error) => {
          assert.ok(HostError.is(error, "PLUGIN_TRAPPED"), String(error));
          assert.match(error.details.lastWords, /trapped on purpose/);
          return true;
        });
        assert.equal(await plugin.database.executeQuery("count", []), 1);
      },
    );

    test(
      `${name}: a guest that allocates past its cap dies of it, and the next call finds a fresh instance`,
      { skip: skipUnlessBuilt(name) },
      async () => {
        const settings = await settingsFor({
          [`${name}-small`]: { ...GRANTED, path: fixture(name), limits: { memoryBytes: "8MB" } },
        });
        const plugin = await host.load(fixture(name), settings.plugins[`${name}-small`]);
        await assert.rejects(plugin.database.executeQuery("allocate", [64 * 2 ** 20]), (error) => {
          assert.ok(HostError.is(error, "PLUGIN_MEMORY_LIMIT"), String(error));
          assert.equal(error.details.limitBytes, 8 * 2 ** 20);
          return true;
        });
        assert.equal(await plugin.database.executeQuery("allocate", [1 << 20]), 1 << 20);
      },
    );
  }
});

/** A plugin that calls WASI's `exit` when it is queried, to say that it failed. */
async function buildExiting(): Promise<Uint8Array> {
  const { source } = await loadContract();
  const binary = await parse(
    watPlugin({
      imports: `(import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32)))`,
      query: "(call $exit (i32.const 1)) (unreachable)",
    }),
  );
  const wasi = "package wasi:cli@0.2.0 { interface exit { exit: func(status: result); } }";
  const world = "world exiting { import wasi:cli/exit@0.2.0; export plugin; export database-plugin; }";
  const witSource = `${source}\n${wasi}\n${world}`;
  return componentNew(await componentEmbed({ binary, witSource, world: "tusk:plugin/exiting@0.1.0" }));
}

function hasCode(code: ErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(HostError.is(error), String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}
