import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { SCAFFOLD_LANGUAGES, scaffoldPlugin } from "../../host/build/scaffold.ts";
import { rustTest } from "../kit/rust-test.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { serveTusk, startTusk, type TuskEvent } from "../kit/tusk.ts";

const RUST = join(import.meta.dirname, "../../examples/rust");

suite("tusk dev", () => {
  const folder = temporaryFolder();

  /** A new plugin, with what changes its source. */
  async function plugin(name: string, language: "as" | "rust" = "as") {
    const dir = join(folder.path, name);
    await scaffoldPlugin({ name, language, capability: "http", folder: dir });
    const source = join(dir, SCAFFOLD_LANGUAGES[language].source);
    const replace = async (before: string, after: string) => {
      const text = await readFile(source, "utf8");
      assert.ok(text.includes(before));
      await writeFile(source, text.replaceAll(before, after));
    };
    return { dir, replace };
  }

  test("serves each save with its next build, keeps the old one while the source is broken, and tests both", async () => {
    const { dir, replace } = await plugin("saved");
    await using running = await serveTusk([dir], {}, "dev");
    const greeting = async () => (await fetch(`${running.url}/saved/Ada`)).text();
    assert.match(await greeting(), /Hello, Ada/);
    const tested = (await running.next("tested")) as TuskEvent & { passed: boolean; checks: object[] };
    assert.ok(tested.passed && tested.checks.length >= 15);

    await replace("/saved/:name", "/saved/for/:name");
    await running.next("swapped");
    const { servedMs, memory } = (await running.next("built")) as TuskEvent & {
      servedMs: number;
      memory: { usedBytes: number };
    };
    assert.ok(servedMs > 0 && memory.usedBytes > 0);
    assert.equal((await fetch(`${running.url}/saved/Ada`)).status, 404);
    assert.equal((await fetch(`${running.url}/saved/for/Ada`)).status, 200);
    const asked = (await running.next("request")) as TuskEvent & { durationMs: number };
    assert.ok(asked.durationMs > 0);

    await replace("class ", "clazz ");
    const broken = (await running.next("not-built")) as TuskEvent & {
      serves: boolean;
      error: { code: string; details: { diagnostics: { file: string; line: number; column: number }[] } };
    };
    assert.deepEqual([broken.error.code, broken.serves], ["BUILD_FAILED", true]);
    const [first] = broken.error.details.diagnostics;
    assert.equal(first?.file, "assembly/index.ts");
    assert.ok(first.line > 1 && first.column > 0);
    assert.equal((await fetch(`${running.url}/saved/for/Ada`)).status, 200);

    await replace("clazz ", "class ");
    await running.next("built");
    await running.next("tested");
    running.signal("SIGINT");
    const { code, stderr } = await running.ended;
    assert.deepEqual([code, stderr], [0, ""]);
  });

  rustTest("wasm32-unknown-unknown", "does the same in Rust, and says what takes so long", async () => {
    const { dir, replace } = await plugin("rusted", "rust");
    // What the examples were built from is there already: nothing is downloaded or compiled again.
    await copyFile(join(RUST, "Cargo.lock"), join(dir, "Cargo.lock"));
    const env = { CARGO_TARGET_DIR: join(RUST, "target") };
    await folder.write(
      "rusted/build.rs",
      "fn main() { std::thread::sleep(std::time::Duration::from_millis(2_500)) }",
    );
    await using running = startTusk(["dev", "--json", "--release", "--port", "0", dir], { env });
    const next = async (event: string) =>
      JSON.parse(await running.line((line) => (JSON.parse(line) as TuskEvent).event === event)) as TuskEvent;
    assert.match(String((await next("building"))["step"]), /^(Compiling|Blocking|Locking|Updating) /);
    const url = String((await next("started"))["url"]);
    const greeting = async () => (await fetch(`${url}/rusted/Ada`)).text();
    assert.match(await greeting(), /Hello, Ada/);

    await replace('"{}, {name}!"', '"{} {name}?"');
    await next("swapped");
    assert.match(await greeting(), /Hello Ada\?/);

    await replace("&self, request:", "&self; request:");
    const { error } = (await next("not-built")) as TuskEvent & { error: { code: string; message: string } };
    assert.equal(error.code, "BUILD_FAILED");
    assert.match(error.message, /src\/lib\.rs:\d+:\d+/);
    assert.match(await greeting(), /Hello Ada\?/);
    running.signal("SIGINT");
    assert.equal((await running.ended).code, 0);
  });

  test("begins with a plugin that does not build, and serves it once it does", async () => {
    const { dir, replace } = await plugin("unborn");
    await replace("class ", "clazz ");
    await using running = startTusk(["dev", "--json", "--port", "0", "--no-test", dir]);
    const next = (event: string) => running.line((line) => (JSON.parse(line) as TuskEvent).event === event);
    assert.match(await next("not-built"), /"serves":false/);
    await replace("clazz ", "class ");
    const { url } = JSON.parse(await next("started")) as { url: string };
    assert.equal((await fetch(`${url}/unborn`)).status, 200);
  });

  test("ends when it is told to, with nothing built", async () => {
    const { dir, replace } = await plugin("ended");
    await replace("class ", "clazz ");
    await using running = startTusk(["dev", "--port", "0", dir]);
    await running.line((line) => line === "It is built again when something changes.");
    running.signal("SIGINT");
    assert.equal((await running.ended).code, 0);
  });

  test("says what a plugin does that does not pass", async () => {
    const { dir, replace } = await plugin("faulty");
    await replace('Route.get("/faulty")', 'Route.get("faulty")');
    await using running = await serveTusk([dir], {}, "dev");
    const tested = (await running.next("tested")) as TuskEvent & {
      passed: boolean;
      checks: { name: string; failure?: object }[];
    };
    const failed = tested.checks.filter(({ failure }) => failure);
    assert.equal(tested.passed, false);
    assert.deepEqual(
      failed.map(({ name }) => name),
      ["has routes, each a method and a path"],
    );
  });

  test("shows on a terminal how everything stands, below what happens", async () => {
    const { dir } = await plugin("seen");
    const main = join(import.meta.dirname, "../../host/cli/main.ts");
    // A terminal of its own, which `script` makes.
    const command = `exec ${process.execPath} ${main} dev --port 0 ${dir}`;
    const child = spawn("script", ["-qefc", command, "/dev/null"], {
      stdio: ["pipe", "pipe", "inherit"],
      // Where CI is set, Node takes no terminal for one that has colours.
      env: {
        ...process.env,
        TERM: "xterm-256color",
        CI: undefined,
        NO_COLOR: undefined,
        FORCE_COLOR: undefined,
      },
    });
    const { promise: tested, resolve } = Promise.withResolvers<void>();
    let screen = "";
    child.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
      if (/tests +\u001b\S*.*✔ \d+ facts hold/.test(screen)) resolve();
    });
    await Promise.race([tested, once(child, "exit")]);
    assert.match(screen, /\u001b\[6A\u001b\[0J/, "what is pinned is put in place of what was");
    assert.match(screen, /memory.* 64 KB of 100 MB/);
    // As a person would: Ctrl-C.
    child.stdin.write("\u0003");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });
});
