import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { buildPlugin } from "../../host/build/build-plugin.ts";
import { fixture } from "../kit/fixtures.ts";
import { parseSettingsText } from "../../host/config/parse-settings.ts";

const ROOT = join(import.meta.dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** The fenced blocks of the README in a language, in their order. */
function blocks(language: string): string[] {
  return Array.from(
    README.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms")),
    ([, text = ""]) => text,
  );
}

suite("the README", () => {
  before(async () => {
    await buildPlugin(join(ROOT, "plugins-as/api"));
    for (const name of ["postgres", "auth"] as const)
      await cp(fixture(name), join(ROOT, `examples/rust/${name}/build/${name}.wasm`));
    for (const name of ["notifier", "notes"] as const)
      await cp(fixture(name), join(ROOT, `plugins-as/${name}/build/${name}.wasm`));
  });

  // What "tusk new" makes.
  after(() => rm(join(ROOT, "greeter"), { recursive: true, force: true }));

  test("shows a program that prints what it says", async (t) => {
    const file = join(ROOT, ".tusk/readme/example.ts");
    await mkdir(dirname(file), { recursive: true });
    t.after(() => rm(dirname(file), { recursive: true }));
    await writeFile(file, blocks("ts")[0] ?? "");
    const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: ROOT, encoding: "utf8" });
    const [, printed] = /^```ts\n.*?^```\n\n```\n(.*?)^```/ms.exec(README) ?? [];
    assert.equal(stdout, printed, stderr);
  });

  test("shows settings that are valid", async () => {
    const settings = await parseSettingsText(blocks("json")[0] ?? "", "json");
    assert.equal(settings.plugins["postgres"]?.limits.timeoutMs, 5_000);
    for (const text of blocks("json")) await parseSettingsText(text, "json");
  });

  test("names only scripts and files that there are", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = Array.from(
      README.matchAll(/npm run ([\w:]+)|npm (start|test)/g),
      ([, run, own]) => run ?? own ?? "",
    );
    assert.ok(named.length > 5);
    for (const name of named) assert.ok(name in scripts, name);
    const links = Array.from(README.matchAll(/\]\(([^)#]+)\)/g), ([, path = ""]) => path);
    for (const path of links) assert.ok(spawnSync("ls", [join(ROOT, path)]).status === 0, path);
  });

  for (const line of blocks("sh")
    .join("")
    .match(/^npm run tusk -- (?!run).*$/gm) ?? []) {
    test(`"${line.trim()}" works`, () => {
      const { status, stderr } = spawnSync("sh", ["-c", line.replace(/ #.*/, "")], {
        cwd: ROOT,
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
    });
  }
});
