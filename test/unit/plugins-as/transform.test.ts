import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { resolveAsProject } from "../../../host/build/as-project.ts";
import { compileAs } from "../../../host/build/compile-as.ts";
import { packageRoot } from "../../../host/core/package-root.ts";
import { HostError } from "../../../host/core/error.ts";
import { CommonFlags, NodeKind } from "../../../plugins-as/sdk/transform/syntax.ts";
import { folderOf } from "../build/plugin-folder.ts";

/** What is wrong with a source: the line, and the message. */
async function complaints(t: TestContext, source: string): Promise<[line: number, message: string][]> {
  const folder = await folderOf(t, { "package.json": '{ "name": "sample" }', "assembly/index.ts": source });
  const error: unknown = await compileAs(await resolveAsProject(folder), { outFile: "a.wasm" }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HostError && error.code === "BUILD_FAILED", String(error));
  const { diagnostics } = (error as HostError<"BUILD_FAILED">).details;
  return diagnostics.map(({ file, line, message }) => {
    assert.equal(file, "assembly/index.ts");
    return [line, message];
  });
}

test("the numbers of the compiler's syntax are those that the transform goes by", async () => {
  const compiler = (await import(import.meta.resolve("assemblyscript"))) as Record<string, object>;
  for (const [name, ours] of Object.entries({ NodeKind, CommonFlags })) {
    const theirs = compiler[name] as Record<string, number>;
    for (const [key, value] of Object.entries(ours)) assert.equal(value, theirs[key], `${name}.${key}`);
  }
});

test("a field whose type has no form in JSON is named, with what to do", async (t) => {
  const found = await complaints(
    t,
    `import { JsonValue, User } from "tusk-plugin-as";
class Plain {}
abstract class Shape {}
@json abstract class Figure {}
enum Color { Red }
type Palette = Color[];
@json class Page<T> { items: T[] = []; }
@json class Sample {
  value: JsonValue = JsonValue.null();
  names: Set<string> = new Set();
  plain: Plain | null = null;
  deep: Map<string, Plain[]> = new Map();
  keys: Map<i32, string> = new Map();
  act: () => void;
  shape: Shape | null = null;
  figure: Figure | null = null;
  user: User | null = null;
  simd: v128;
  palette: Palette = [];
  page: Page<Color> = new Page();
  floats: Float64Array | null = null;
}
class Base { id: i32 = 0; }
@json class Derived extends Base {}
@json class Large { ${Array.from({ length: 65 }, (_, i) => `f${i}: i32 = 0;`).join(" ")} }
`,
  );
  assert.deepEqual(found, [
    [
      10,
      "class Sample, field names: Set has no form in JSON. Use another type, or leave the field out with @json.skip.",
    ],
    [
      11,
      "class Sample, field plain: class Plain is not @json. Write @json before it, or @json.skip before the field.",
    ],
    [
      12,
      "class Sample, field deep: class Plain is not @json. Write @json before it, or @json.skip before the field.",
    ],
    [13, "class Sample, field keys: the keys of an object are strings. Use Map<string, …>."],
    [
      14,
      "class Sample, field act: () => void has no form in JSON. Use another type, or leave the field out with @json.skip.",
    ],
    [
      15,
      "class Sample, field shape: class Shape is not @json. Write @json before it, or @json.skip before the field.",
    ],
    [
      16,
      "class Sample, field figure: class Figure is abstract, so that nothing can be made of it. Use another type, or leave the field out with @json.skip.",
    ],
    [
      17,
      "class Sample, field user: User has no form in JSON. Use another type, or leave the field out with @json.skip.",
    ],
    [
      18,
      "class Sample, field simd: v128 has no form in JSON. Use another type, or leave the field out with @json.skip.",
    ],
    [
      19,
      "class Sample, field palette: Palette stands for an enum, whose names would be lost. Write Color[].",
    ],
    [
      20,
      "class Sample, field page: Page cannot tell the names of an enum that it is given. Use a class of your own for it.",
    ],
    [
      21,
      "class Sample, field floats: Float64Array has no form in JSON. Use another type, or leave the field out with @json.skip.",
    ],
    [24, "class Derived extends Base, whose fields would be left out: write @json before that class, too."],
    [25, "class Large has 65 fields, more than 64: make classes of some of them, and of those fields."],
  ]);
});

test("a decorator that says nothing sensible is named, with what there is", async (t) => {
  const found = await complaints(
    t,
    `@json({ unknown: "error" }) class A {}
@json({ rename: "snake_case" }) class B {}
@json("x") class C {}
@json class D {
  @json.nam("x") a: i32 = 0;
  @json.name b: i32 = 0;
  @json.as("x") c: i32 = 0;
  @json.optional d: string;
  @json.name("e") f: i32 = 0;
  e: i32 = 0;
  constructor(a: i32) {}
}
class E { @json.skip a: i32 = 0; }
@json interface F {}
@json enum G { A }
namespace inner { @json("y") class H {} }
`,
  );
  const options =
    '@json takes { names: "as written" or "snake_case" or "kebab-case", unknown: "ignore" or "refuse" }.';
  const decorators =
    'There is no such decorator of a field. There are @json.name("…"), @json.optional, @json.skip, and for enums @json.as("as written" or "snake_case" or "kebab-case" or "number").';
  assert.deepEqual(found, [
    [1, options],
    [2, options],
    [3, options],
    [
      11,
      "class D: it is made by a constructor without arguments when it is read from JSON. Give each parameter a default, or make it a field.",
    ],
    [5, decorators],
    [6, decorators],
    [7, decorators],
    [
      8,
      'class D, field d: it is optional, and nothing says what it is where it is missing. Give it a default, or write "| null" after its type.',
    ],
    [
      10,
      'class D, field e: another field is "e" in JSON, too. Give one of them another name with @json.name("…").',
    ],
    [13, "class E is not @json: write @json before it."],
    [14, "F cannot be @json. Of an interface nothing can be made; write it before a class."],
    [15, "G cannot be @json. An enum stands in JSON by the names of its members, as it is."],
    [16, options],
  ]);
});

test("the classes in the SDK's README are read as it says", async (t) => {
  const readme = await readFile(join(packageRoot, "plugins-as/sdk/README.md"), "utf8");
  const [classes = "", use = ""] =
    /```ts\n(@json\nclass Address[^]*?)```/.exec(readme)?.[1]?.split(/(?=^const)/m) ?? [];
  const folder = await folderOf(t, {
    "package.json": '{ "name": "sample" }',
    "assembly/index.ts": `import { decode, logger } from "tusk-plugin-as";
      ${classes} export function read(bytes: Uint8Array): void { ${use} }`,
  });
  const { outputs } = await compileAs(await resolveAsProject(folder), { outFile: "a.wasm" });
  assert.ok(outputs.has("a.wasm"));
});

test("what is wrong with a type is told of its field, and of no line that the transform wrote", async (t) => {
  const found = await complaints(
    t,
    `import { decode } from "tusk-plugin-as";
@json class A {
  a: Missing;
}
export function read(bytes: Uint8Array): A { return decode<A>(bytes).value; }
`,
  );
  assert.deepEqual(new Set(found.map(([line]) => line)), new Set([3]));
  assert.match(found[0]?.[1] ?? "", /Cannot find name 'Missing'/);
});

test("the compiler's own command takes the transform", async (t) => {
  const folder = await folderOf(t, {
    "assembly/index.ts": `import { decode, encode } from "tusk-plugin-as/index";
@json class A { a: i32 = 0; }
export function twice(): i32 {
  const a = new A();
  a.a = 21;
  return decode<A>(encode(a)).value.a * 2;
}
`,
  });
  const sdk = join(packageRoot, "plugins-as/sdk");
  await mkdir(join(folder, "node_modules"));
  await symlink(join(sdk, "assembly"), join(folder, "node_modules/tusk-plugin-as"));
  const asc = fileURLToPath(new URL("../bin/asc.js", import.meta.resolve("assemblyscript/asc")));
  const args = [
    asc,
    "assembly/index.ts",
    "--outFile",
    "a.wasm",
    "--transform",
    join(sdk, "transform/index.ts"),
  ];
  await promisify(execFile)(process.execPath, args, { cwd: folder });
  const module = new WebAssembly.Module(await readFile(join(folder, "a.wasm")));
  const imports = { "tusk:plugin/logger@0.1.0": { log() {} }, env: { abort() {} } };
  const { exports } = new WebAssembly.Instance(module, imports);
  assert.equal((exports["twice"] as () => number)(), 42);
});
