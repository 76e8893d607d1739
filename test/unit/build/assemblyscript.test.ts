import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { resolveAsProject } from "../../../host/build/as-project.ts";
import { buildAssemblyScript } from "../../../host/build/assemblyscript.ts";
import { buildPlugin } from "../../../host/build/build-plugin.ts";
import { compileAs } from "../../../host/build/compile-as.ts";
import { HostError } from "../../../host/core/error.ts";
import { packageRoot } from "../../../host/core/package-root.ts";
import { decodeComponent } from "../../../host/wasm/component-outline.ts";
import { load } from "./instance.ts";
import { folderOf, sampleFolder } from "./plugin-folder.ts";

const FAST = { release: false };

test("a plugin is built into a component that imports only what it uses", async (t) => {
  const folder = await sampleFolder(t, "return null;");
  const built = await buildPlugin(folder);
  const component = await readFile(built.file);
  assert.deepEqual(
    { ...built, durationMs: 0, inputs: built.inputs.filter((input) => input.startsWith(folder)) },
    {
      name: "sample",
      language: "assemblyscript",
      file: join(folder, "build", "sample.wasm"),
      sizeBytes: component.length,
      coreSizeBytes: built.coreSizeBytes,
      durationMs: 0,
      inputs: [join(folder, "assembly", "index.ts")],
      cached: false,
    },
  );
  assert.ok(built.coreSizeBytes < component.length);
  const { imports, exports } = decodeComponent(component, "sample");
  assert.deepEqual(
    imports.map(({ name }) => name).filter((name) => !name.endsWith("/types@0.1.0")),
    ["tusk:plugin/logger@0.1.0"],
  );
  assert.deepEqual(exports.map(({ name }) => name).toSorted(), [
    "tusk:plugin/health@0.1.0",
    "tusk:plugin/plugin@0.1.0",
  ]);
});

test("what has not changed is not built again", async (t) => {
  const folder = await sampleFolder(t, "return helped();", {
    "assembly/helper.ts": "export function helped(): PluginError | null { return null; }",
  });
  const index = join(folder, "assembly", "index.ts");
  const helper = join(folder, "assembly", "helper.ts");
  const imports = 'import { PluginError } from "tusk-plugin-as";\n';
  await writeFile(helper, imports + (await readFile(helper, "utf8")));
  await writeFile(index, `import { helped } from "./helper";\n${await readFile(index, "utf8")}`);
  const build = async (options = {}) => (await buildAssemblyScript(folder, { ...FAST, ...options })).cached;

  assert.equal(await build(), false);
  assert.equal(await build(), true);
  await writeFile(index, await readFile(index));
  assert.equal(await build(), true, "written again with the same text");

  await writeFile(helper, `${await readFile(helper, "utf8")}// changed\n`);
  assert.equal(await build(), false, "a source changed");
  await writeFile(join(folder, "asconfig.json"), "{}");
  assert.equal(await build(), false, "a file that was looked for in vain is there now");
  await writeFile(join(folder, "build", "sample.wasm"), "something else");
  assert.equal(await build(), false, "somebody changed the component");
  for (const record of await readdir(join(folder, ".tusk"))) {
    await writeFile(join(folder, ".tusk", record), "{ broken");
  }
  assert.equal(await build(), false, "the record is damaged");
  assert.equal(await build(), true);
  assert.equal(await build({ force: true }), false, "it was asked for");
  assert.equal(await build({ outFile: join(folder, "other.wasm") }), false, "it goes elsewhere");
  assert.equal(await build({ outFile: join(folder, "other.wasm") }), true);
  assert.equal(await build({ release: true }), false, "it is to be optimised");
  assert.equal(await build({ outFile: join(folder, "other.wasm") }), true, "what is elsewhere stands");
  assert.deepEqual(await readdir(join(folder, "build")), ["sample.wasm"], "nothing temporary is left");
});

test("a failed build leaves the component of the one before", async (t) => {
  const folder = await sampleFolder(t, "return null;");
  const { file } = await buildAssemblyScript(folder, FAST);
  const { mtimeMs } = await stat(file);
  await writeFile(join(folder, "assembly", "index.ts"), "nonsense");
  await assert.rejects(buildAssemblyScript(folder, FAST), { code: "BUILD_FAILED" });
  assert.equal((await stat(file)).mtimeMs, mtimeMs);
});

test("what does not compile is said with its place, all of it", async (t) => {
  const folder = await sampleFolder(t, 'const a: i32 = "x";\n    return missing();');
  await assert.rejects(buildAssemblyScript(folder, FAST), (error: HostError) => {
    assert.ok(HostError.is(error, "BUILD_FAILED"));
    assert.deepEqual(error.details.diagnostics, [
      {
        file: "assembly/index.ts",
        line: 6,
        column: 20,
        message: "Type '~lib/string/String' is not assignable to type 'i32'.",
      },
      { file: "assembly/index.ts", line: 7, column: 12, message: "Cannot find name 'missing'." },
    ]);
    assert.match(error.message, /^Plugin "sample" does not compile\.\n {2}assembly\/index\.ts:6:20: "Type/);
    return true;
  });
});

test("a folder without an entry says which file is missing", async (t) => {
  const folder = await folderOf(t, { "package.json": "{}", "assembly/main.ts": "" });
  await assert.rejects(buildAssemblyScript(folder, FAST), /assembly\/index\.ts' not found/);
});

test("a broken asconfig.json is a failed build", async (t) => {
  const folder = await sampleFolder(t, "return null;", { "asconfig.json": "{" });
  await assert.rejects(buildAssemblyScript(folder, FAST), {
    code: "BUILD_FAILED",
    message: /Asconfig is not valid json/,
  });
});

test("a compiler that crashes is a failed build that says what it printed", async (t) => {
  const folder = await sampleFolder(t, "return null;", {
    "node_modules/assemblyscript/package.json":
      '{ "name": "assemblyscript", "version": "9.9.9", "type": "module" }',
    "node_modules/assemblyscript/dist/asc.js": `
      export const libraryFiles = {};
      export const createMemoryStream = () => ({ write() {} });
      export async function main() { console.error("Whoops 🦣"); process.exit(1); }`,
  });
  await assert.rejects(buildAssemblyScript(folder, FAST), {
    code: "BUILD_FAILED",
    message: /crashed\. Whoops 🦣/,
  });
  assert.equal((await buildAssemblyScript(await sampleFolder(t, "return null;"), FAST)).cached, false);
});

test("an import that no host provides is traced to the line that needs it", async (t) => {
  const folder = await sampleFolder(t, "indirect();\n    return null;", {
    "assembly/indirect.ts": `declare function ownImport(): void;
@external("tusk:plugin/clock@0.1.0", "later")
declare function later(): void;
export function indirect(): void {
  ownImport();
  process.exit(1);
  later();
}
`,
  });
  const index = join(folder, "assembly", "index.ts");
  await writeFile(index, `import { indirect } from "./indirect";\n${await readFile(index, "utf8")}`);
  await assert.rejects(buildAssemblyScript(folder, FAST), (error: HostError) => {
    assert.ok(HostError.is(error, "BUILD_IMPORT_UNKNOWN"));
    const file = "assembly/indirect.ts";
    assert.deepEqual(
      error.details.uses.toSorted((a, b) => a.line - b.line),
      [
        { import: "indirect.ownImport", used: "ownImport", file, line: 5, column: 3 },
        { import: "env.process.exit", used: "process.exit", file, line: 6, column: 3 },
        { import: "tusk:plugin/clock@0.1.0.later", used: "later", file, line: 7, column: 3 },
      ],
    );
    assert.match(
      error.message,
      /assembly\/indirect\.ts:6:3: "process\.exit" needs the import "env\.process\.exit"/,
    );
    return true;
  });
});

test("a capability that is exported must be implemented", async (t) => {
  const folder = await sampleFolder(t, "return null;");
  const index = join(folder, "assembly", "index.ts");
  await writeFile(index, `${await readFile(index, "utf8")}export * from "tusk-plugin-as/exports/state";\n`);
  await assert.rejects(buildAssemblyScript(folder, FAST), /Sample' is not assignable to type '.*\/State'/);
});

test("a capability that is implemented must be exported", async (t) => {
  const folder = await sampleFolder(t, "return null;");
  const index = join(folder, "assembly", "index.ts");
  const source = await readFile(index, "utf8");
  await writeFile(index, source.replace("exports/health", "exports/plugin"));
  await assert.rejects(
    buildAssemblyScript(folder, FAST),
    /Health is implemented and not exported: export \* from \\"tusk-plugin-as\/exports\/health\\";/,
  );
});

test("the standard library reaches the host's services", async (t) => {
  const folder = await sampleFolder(
    t,
    `console.log("log 🦣");
    console.warn("warn");
    console.assert(false, "assert");
    console.time("t");
    console.timeEnd("t");
    trace("trace", 2, 1, 2.5);
    const bytes = new Uint8Array(3);
    crypto.getRandomValues(bytes);
    const drawn = Math.random() != Math.random() ? "random" : "constant";
    return PluginError.internal([Date.now().toString(), performance.now().toString(), bytes.toString(), drawn].join());`,
  );
  const { file } = await buildAssemblyScript(folder, FAST);
  const { exports, logged } = (await load(await readFile(file)))();
  assert.throws(() => exports.health.check(), {
    payload: { tag: "internal", val: "1763838654123,5000.0,7,7,7,random" },
  });
  assert.deepEqual(
    logged.map(({ level, message, fields }) => [level, message, fields]),
    [
      ["info", "log 🦣", undefined],
      ["warn", "warn", undefined],
      ["error", "assert", undefined],
      ["info", "t: 0.0 ms", undefined],
      ["trace", "trace", { values: [1, 2.5] }],
    ],
  );
});

test("a plugin that runs out of memory traps, without a word that would need more", async (t) => {
  const hoard = "const kept: Uint8Array[] = [];\n while (true) kept.push(new Uint8Array(1 << 16));";
  const limit = { "asconfig.json": '{ "options": { "maximumMemory": 20 } }' };
  const { file } = await buildAssemblyScript(await sampleFolder(t, hoard, limit), FAST);
  const { exports, logged, memoryBytes } = (await load(await readFile(file)))();
  assert.throws(() => exports.health.check(), /unreachable/);
  assert.deepEqual(logged, []);
  assert.equal(memoryBytes(), 20 * 65_536);
});

test("a plugin that registers nothing says what to add", async (t) => {
  const folder = await sampleFolder(t, "return null;");
  const index = join(folder, "assembly", "index.ts");
  await writeFile(index, (await readFile(index, "utf8")).replace(/^register.*$/m, ""));
  const { file } = await buildAssemblyScript(folder, FAST);
  const { exports, logged } = (await load(await readFile(file)))();
  assert.throws(() => exports.plugin.info());
  assert.match(logged[0]?.message ?? "", /End the source with: register/);
});

// The compiler reads `abort` while it is in the middle of the runtime, so what the SDK started would start first.
test("nothing of the SDK runs before the plugin does", async () => {
  const project = await resolveAsProject(join(packageRoot, "test", "fixtures", "conformance-as"));
  const { outputs } = await compileAs(project, { outFile: "core.wasm", textFile: "core.wast" });
  const starts = String(outputs.get("core.wast")).match(/^ \(func \$"?start:[^\s")]+/gm);
  assert.deepEqual(starts, [" (func $start:assembly/index"]);
});

test("a plugin's own SDK is preferred, and its compiler", async (t) => {
  const folder = await folderOf(t, {
    "package.json": "{}",
    "node_modules/tusk-plugin-as/package.json": '{ "name": "tusk-plugin-as" }',
    "node_modules/assemblyscript/package.json": '{ "name": "assemblyscript", "version": "9.9.9" }',
  });
  const project = await resolveAsProject(folder);
  assert.equal(project.sdk, join(folder, "node_modules", "tusk-plugin-as", "assembly"));
  assert.equal(project.compilerVersion, "9.9.9");
});

test("without a compiler it is said how to get one", async (t) => {
  const folder = await folderOf(t, { "package.json": "{}" });
  await assert.rejects(resolveAsProject(folder, folder), {
    code: "BUILD_TOOL_MISSING",
    message: /npm install --save-dev assemblyscript/,
  });
});

test("a folder in no language we know is refused", async (t) => {
  const folder = await folderOf(t, { "assembly/index.ts": "", "main.c": "" });
  await assert.rejects(buildPlugin(folder), { code: "BUILD_UNKNOWN_LANGUAGE", message: /Cargo\.toml/ });
});
