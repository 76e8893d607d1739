import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildAssemblyScript } from "../../../host/build/assemblyscript.ts";
import { buildRust } from "../../../host/build/rust.ts";
import { SCAFFOLDS, scaffoldPlugin } from "../../../host/build/scaffold.ts";
import { packageRoot } from "../../../host/core/package-root.ts";
import { type TestOptions, testPlugin } from "../../../host/testing/test-plugin.ts";
import { loadSettings } from "../../../host/config/load-settings.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";
import { rustTest } from "../../kit/rust-test.ts";

const RUST = join(packageRoot, "examples/rust");

suite("a new plugin", () => {
  const folder = temporaryFolder();

  for (const capability of SCAFFOLDS) {
    test(`in AssemblyScript for ${capability} builds and keeps the contract`, async () => {
      const name = `as-${capability}`;
      const { files } = await scaffoldPlugin({
        name,
        language: "as",
        capability,
        folder: join(folder.path, name),
      });
      assert.ok(files.includes("assembly/index.ts"));
      await verify(name, (await buildAssemblyScript(join(folder.path, name))).file);
    });

    rustTest(
      "wasm32-unknown-unknown",
      `in Rust for ${capability} builds and keeps the contract`,
      async () => {
        const name = `rust-${capability}`;
        const its = join(folder.path, name);
        await scaffoldPlugin({ name, language: "rust", capability, folder: its });
        // What the examples were built from is there already: nothing is downloaded or compiled again.
        await copyFile(join(RUST, "Cargo.lock"), join(its, "Cargo.lock"));
        const environment = { ...process.env, CARGO_TARGET_DIR: join(RUST, "target") };
        await verify(name, (await buildRust(its, { environment })).file);
      },
    );
  }

  async function verify(name: string, file: string): Promise<void> {
    const text = await readFile(join(folder.path, name, "tusk.json"), "utf8");
    const { plugins } = JSON.parse(text) as { plugins: Record<string, TestOptions> };
    const { checks } = await testPlugin(file, plugins[name]);
    assert.deepEqual(
      checks.filter(({ failure }) => failure !== undefined),
      [],
    );
    const settings = await loadSettings(join(folder.path, name, "tusk.json"));
    assert.equal(settings.plugins[name]?.path, file);
  }

  test("takes the place of nothing that is there", async () => {
    await folder.write("taken/file", "mine");
    const scaffold = { name: "taken", language: "as", capability: "http" } as const;
    await assert.rejects(scaffoldPlugin({ ...scaffold, folder: join(folder.path, "taken") }), {
      code: "FOLDER_NOT_EMPTY",
    });
  });

  test("has a name that settings and both languages take", async () => {
    for (const name of ["", "A", "a_b", "a--b", "-a", "a-", "1a", "a/../b"]) {
      const scaffold = { name, language: "as", capability: "http" } as const;
      await assert.rejects(scaffoldPlugin({ ...scaffold, folder: join(folder.path, "none") }), {
        code: "PLUGIN_NAME_INVALID",
      });
    }
  });
});
