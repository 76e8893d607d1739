import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { createHost, parseSettings, parseSettingsText } from "tusk-host";
import { buildAssemblyScript } from "../../host/build/assemblyscript.ts";
import { Output } from "../../host/cli/output.ts";
import { createProgram } from "../../host/cli/program.ts";
import { ERROR_CODES } from "../../docs/errors.ts";
import { type FencedBlock, fencedBlocks } from "../kit/fenced-blocks.ts";
import { fixture } from "../kit/fixtures.ts";
import { serveTusk, tusk } from "../kit/tusk.ts";

const ROOT = join(import.meta.dirname, "../..");
const DOCS = join(ROOT, "docs");
const PAGES = (await readdir(DOCS)).filter((name) => name.endsWith(".md"));
/** Inside the repository, so that programs import the package by its name. */
const SITE = join(ROOT, ".tusk/guides");
const SETTINGS = {
  plugins: {
    mailer: { path: "mailer.wasm", config: { fault: "never-ends" }, permissions: { cache: true } },
  },
};

const texts = new Map<string, string>();
for (const page of PAGES) texts.set(page, await readFile(join(DOCS, page), "utf8"));
const blocksOf = (page: string) => fencedBlocks(texts.get(page) ?? "");

const isPlugin = ({ language, text }: FencedBlock) => language === "ts" && text.includes(`"tusk-plugin-as"`);
const isVitest = ({ text }: FencedBlock) => text.includes(`"vitest"`);
const isProgram = (block: FencedBlock) =>
  block.language === "ts" && block.text.startsWith("import ") && !isPlugin(block) && !isVitest(block);

suite("the guides", () => {
  before(async () => {
    await rm(SITE, { recursive: true, force: true });
    await mkdir(join(SITE, "plugins"), { recursive: true });
    await writeFile(join(SITE, "tusk.json"), JSON.stringify(SETTINGS));
    await cp(fixture("api"), join(SITE, "plugins/api.wasm"));
    await cp(fixture("notifier"), join(SITE, "notifier.wasm"));
    await cp(fixture("faulty-as"), join(SITE, "mailer.wasm"));
    const shout = blocksOf("streaming.md").find(isPlugin);
    await buildSource("shout", shout?.text ?? "", join(SITE, "shout.wasm"));
    const counter = blocksOf("swapping.md").find(isPlugin);
    for (const version of ["1", "2"]) {
      const source = counter?.text.replace(`"1.0.0"`, `"${version}.0.0"`) ?? "";
      await buildSource("counter", source, join(SITE, `counter-${version}.wasm`));
    }
  });
  after(() => rm(SITE, { recursive: true, force: true }));

  for (const page of PAGES) {
    for (const [i, block] of blocksOf(page).filter(isProgram).entries()) {
      test(`${page}: program ${i + 1} does what is said`, async () => {
        const file = join(SITE, `${page}-${i + 1}.ts`);
        await writeFile(file, block.text);
        // A test runner inside ours prints for people.
        const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: "1" };
        const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
          cwd: SITE,
          encoding: "utf8",
          env,
        });
        assert.equal(status, 0, stderr + stdout);
        if (block.printed !== undefined) assert.equal(stdout, block.printed);
      });
    }
  }

  test("testing.md: the kit works under Vitest", async () => {
    const block = blocksOf("testing.md").find(isVitest);
    await writeFile(join(SITE, "plugin.test.ts"), block?.text ?? "");
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const report = join(SITE, "vitest.json");
    const args = [vitest, "run", "--root", SITE, "--reporter", "json", "--outputFile", report];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: SITE, encoding: "utf8" });
    assert.equal(status, 0, stderr + stdout);
    const { numPassedTests } = JSON.parse(await readFile(report, "utf8")) as { numPassedTests: number };
    assert.equal(numPassedTests, 1);
  });

  test("first-plugin.md: what is made is what is shown, and answers as it says", async () => {
    const folder = join(SITE, "greeter");
    assert.equal((await tusk(["new", "greeter", "--dir", folder])).code, 0);
    const shown = blocksOf("first-plugin.md").find(isPlugin);
    assert.equal(shown?.text, await readFile(join(folder, "assembly/index.ts"), "utf8"));
    assert.equal((await tusk(["build"], { cwd: folder })).code, 0);
    const asked = blocksOf("first-plugin.md").find(({ text }) => text.startsWith("curl"));
    const path = new URL(asked?.text.trim().split(" ").at(-1) ?? "").pathname;
    await using served = await serveTusk([], { cwd: folder });
    assert.equal(`${await (await fetch(served.url + path)).text()}\n`, asked?.printed);

    const settings = { greeter: { path: join(folder, "build/greeter.wasm"), config: { greeting: 7 } } };
    await using host = await createHost({ settings: await parseSettings(settings) });
    const refusal = host.plugin("greeter").status().problem?.message ?? "";
    assert.ok(texts.get("first-plugin.md")?.includes(`\n${refusal}\n`), refusal);
  });

  test("from-extism.md: what it becomes can be built", async () => {
    const becomes = blocksOf("from-extism.md").find(isPlugin);
    await buildSource("greet", becomes?.text ?? "", join(SITE, "greet.wasm"));
  });

  test("from-dynamic-libraries.md: what is shown in Rust stands in the template", async () => {
    const template = await readFile(join(ROOT, "examples/rust/templates/database/lib.rs"), "utf8");
    const shown = blocksOf("from-dynamic-libraries.md").filter(({ language }) => language === "rust");
    assert.equal(shown.length, 3);
    for (const { text } of shown) assert.ok(template.includes(text), text);
  });

  test("streaming.md: what is shown in Rust is tried with the SDK", async () => {
    const sdk = await readFile(join(ROOT, "examples/rust/sdk/src/http/stream.rs"), "utf8");
    const tried = sdk.replaceAll(/^\/\/\/ ?/gm, "");
    const shown = blocksOf("streaming.md").filter(({ language }) => language === "rust");
    assert.equal(shown.length, 1);
    for (const { text } of shown) assert.ok(tried.includes(text), text);
  });

  test("first-plugin.md: the template in Rust is what is shown", async () => {
    const template = await readFile(join(ROOT, "examples/rust/templates/http/lib.rs"), "utf8");
    const shown = blocksOf("first-plugin.md").find(({ language }) => language === "rust");
    assert.equal(shown?.text, template.replaceAll("my-plugin", "greeter").replace(/^\/\/!.*\n\n/, ""));
  });

  test("first-plugin.md: a service is refused until it is granted, in these words", async () => {
    const [, source] = blocksOf("first-plugin.md").filter(isPlugin);
    const path = join(SITE, "counting.wasm");
    await buildSource("greeter", source?.text ?? "", path);
    await using host = await createHost();
    const { greeter: bare } = (await parseSettings({ plugins: { greeter: { path } } })).plugins;
    await assert.rejects(host.load(path, bare), (error: Error) => {
      assert.ok(texts.get("first-plugin.md")?.includes(`\n${error.message}\n`), error.message);
      return true;
    });
    const permissions = { cache: true };
    const { greeter } = (await parseSettings({ plugins: { greeter: { path, permissions } } })).plugins;
    const { http } = await host.load(path, greeter);
    const request = { method: "GET", path: "/greeter/Ada", params: [{ name: "name", value: "Ada" }] };
    await http.handleRequest(request);
    const { body } = await http.handleRequest(request);
    assert.equal(Buffer.from(body).toString(), "Hello, Ada, for the 2. time.");
  });

  test("show settings that are valid", async () => {
    const shown = PAGES.flatMap((page) => blocksOf(page).filter(({ language }) => language === "json"));
    assert.ok(shown.length > 2);
    for (const { text } of shown) await parseSettingsText(text, "json");
  });

  test("name only commands and options that there are", () => {
    const commands = new Map(
      createProgram({ output: new Output(false), exit: "ok" }).commands.map((command) => [
        command.name(),
        command,
      ]),
    );
    const lines = [...texts].flatMap(([page, text]) => commandsIn(text).map((line) => [page, line] as const));
    assert.ok(lines.length > 20);
    for (const [page, line] of lines) {
      const [name = "", ...words] = line.split(/\s+/);
      const command = commands.get(name);
      assert.ok(command, `${page}: tusk ${line}`);
      const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
      for (const word of words)
        assert.ok(!/^--?[a-z]/.test(word) || known.has(word), `${page}: tusk ${line}`);
    }
  });

  test("link only to what there is, and are all in the index", () => {
    for (const [page, text] of texts) {
      assert.ok(page === "README.md" || texts.get("README.md")?.includes(`](${page})`), page);
      for (const [, path = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g))
        assert.ok(existsSync(join(DOCS, path)), `${page}: ${path}`);
    }
  });

  test("name only error codes that there are", () => {
    const codes = new Set<string>(ERROR_CODES);
    const unlike = /^(?:[A-Z]+|[A-Z_]+_(?:URL|DIR|HOME|SECRET))$/;
    for (const [page, text] of texts)
      for (const [, code = ""] of text.matchAll(/`([A-Z]+_[A-Z_]+)`/g))
        assert.ok(codes.has(code) || unlike.test(code), `${page}: ${code}`);
  });
});

/** Builds an AssemblyScript plugin from the one file that it has. */
async function buildSource(name: string, source: string, outFile: string): Promise<void> {
  const folder = join(SITE, "sources", name);
  await mkdir(join(folder, "assembly"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name }));
  await writeFile(join(folder, "assembly/index.ts"), source);
  await buildAssemblyScript(folder, { outFile, force: true });
}

/** The command lines of tusk in a page, without "tusk" and comments: in shell blocks, units, and between backticks. */
function commandsIn(text: string): string[] {
  const blocks = fencedBlocks(text).filter(({ language }) => ["sh", "ini", "dockerfile"].includes(language));
  const inline = Array.from(text.matchAll(/`tusk ([a-z][^`]*)`/g), ([, line = ""]) => line);
  const lines = blocks.flatMap((block) => block.text.split("\n"));
  // A container's command is an array of JSON.
  const plain = lines.map((line) => line.replace(/^CMD .*$/, (cmd) => cmd.replaceAll(/["[\],]/g, "")));
  const shown = plain.flatMap((line) => /^(?:(?:ExecStart=|CMD ).*\/)?tusk ([a-z].*)$/.exec(line)?.[1] ?? []);
  return [...shown, ...inline].map((line) => line.replace(/\s+#.*/, "").trim());
}
