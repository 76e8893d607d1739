import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { after, test } from "node:test";
import { buildRust } from "../../../host/build/rust.ts";
import { HostError } from "../../../host/core/error.ts";
import { decodeComponent } from "../../../host/wasm/component-outline.ts";
import { rustTest } from "../../kit/rust-test.ts";

const POSTGRES = new URL("../../../examples/rust/postgres", import.meta.url).pathname;

const folder = await mkdtemp(join(tmpdir(), "rust-build-"));
after(() => rm(folder, { recursive: true }));

rustTest(
  "wasm32-unknown-unknown",
  "a component exports what its plugin names and imports what it uses",
  async () => {
    const built = await buildRust(POSTGRES, { outFile: join(folder, "postgres.wasm") });
    const bytes = await readFile(built.file);
    const { imports, exports, coreModules } = decodeComponent(bytes, "postgres");
    assert.deepEqual(imports.map(({ name }) => name).toSorted(), [
      "tusk:plugin/database@0.1.0",
      "tusk:plugin/logger@0.1.0",
      "tusk:plugin/types@0.1.0",
    ]);
    assert.deepEqual(exports.map(({ name }) => name).toSorted(), [
      "tusk:plugin/database-plugin@0.1.0",
      "tusk:plugin/plugin@0.1.0",
    ]);
    assert.equal(built.name, "postgres");
    assert.equal(built.language, "rust");
    assert.equal(built.sizeBytes, bytes.length);
    assert.ok(built.coreSizeBytes >= (coreModules[0]?.sizeBytes ?? Infinity));
    assert.ok(built.durationMs > 0);
  },
);

rustTest("wasm32-wasip2", "for wasm32-wasip2 it imports WASI beside that", async () => {
  const outFile = join(folder, "wasip2.wasm");
  const built = await buildRust(POSTGRES, { target: "wasm32-wasip2", outFile });
  const { imports, exports } = decodeComponent(await readFile(outFile), "postgres");
  const names = imports.map(({ name }) => name);
  assert.ok(names.includes("wasi:cli/exit@0.2.6"));
  assert.ok(names.every((name) => /^(?:wasi:|tusk:plugin\/(?:types|logger|database)@)/.test(name)));
  assert.equal(exports.length, 2);
  assert.ok(built.coreSizeBytes > 50_000 && built.coreSizeBytes < built.sizeBytes);
});

rustTest(
  "wasm32-unknown-unknown",
  "what has not changed is not written again, unless it must be",
  async () => {
    const outFile = join(folder, "again.wasm");
    await buildRust(POSTGRES, { outFile });
    const before = await stat(outFile);
    const again = await buildRust(POSTGRES, { outFile });
    assert.equal(again.cached, true);
    assert.equal((await stat(outFile)).ino, before.ino);
    const steps: string[] = [];
    const forced = await buildRust(POSTGRES, { outFile, force: true, onStep: (step) => steps.push(step) });
    assert.equal(forced.cached, false);
    assert.notEqual((await stat(outFile)).ino, before.ino);
    assert.ok(steps.some((step) => step.startsWith("Compiling postgres v")));
  },
);

rustTest("wasm32-unknown-unknown", "what is not optimised has no debug information in it", async () => {
  const plain = await crate("undebugged", "#[unsafe(no_mangle)] pub fn f() { panic!() }");
  const { file } = await buildRust(plain, { release: false, componentize: false });
  const text = (await readFile(file)).toString("latin1");
  assert.ok(text.includes("panicking") && !text.includes(".debug_"));
});

rustTest("wasm32-unknown-unknown", "a build that nobody waits for any more is ended", async () => {
  const slow = await crate("slow", "");
  const script = "fn main() { std::thread::sleep(std::time::Duration::from_secs(5)) }";
  await writeFile(join(slow, "build.rs"), script);
  const ending = new AbortController();
  const onStep = (step: string) => step.startsWith("Compiling slow") && ending.abort();
  const options = { componentize: false, onStep, signal: ending.signal };
  await assert.rejects(buildRust(slow, options), hostError("BUILD_FAILED", /"slow"/));
});

rustTest("wasm32-unknown-unknown", "a binary says nothing of the folders it was built in", async () => {
  const { file } = await buildRust(POSTGRES, { outFile: join(folder, "where.wasm") });
  const text = (await readFile(file)).toString("latin1");
  for (const path of [homedir(), POSTGRES, "registry", "index."]) assert.ok(!text.includes(path), path);
  assert.ok(text.includes("/crates/"));
});

rustTest("wasm32-unknown-unknown", "what does not compile is shown in the compiler's words", async () => {
  const plugin = await crate("broken", 'pub fn f() -> u8 { "text" }\npub fn g() { missing() }\n');
  await assert.rejects(buildRust(plugin), (error) => {
    assert.ok(HostError.is(error, "BUILD_FAILED"));
    assert.match(error.message, /"broken" does not compile\.\n\nerror\[E\d+\]/);
    assert.match(error.message, /mismatched types\n +--> .*src\/lib\.rs:1:20/);
    assert.match(error.message, /cannot find function `missing`.*\n +--> .*src\/lib\.rs:2:14/);
    assert.doesNotMatch(error.message, /aborting|warning/);
    return true;
  });
});

rustTest("wasm32-unknown-unknown", "a package that is no plugin is refused", async () => {
  const library = await crate("library", "", "rlib");
  await assert.rejects(buildRust(library), hostError("BUILD_FAILED", /crate-type = \["cdylib"\]/));
  await writeFile(join(library, "Cargo.toml"), "[package");
  await assert.rejects(buildRust(library), hostError("BUILD_FAILED", /unclosed table|invalid table/));
  await assert.rejects(buildRust(folder), hostError("BUILD_FAILED", /There is no Cargo\.toml/));
});

rustTest("wasm32-unknown-unknown", "where the SDK is not installed yet, that is said", async () => {
  const early = await crate("early", "");
  const sdk = '[dependencies]\ntusk-plugin = { path = "node_modules/tusk-host/examples/rust/sdk" }\n';
  await appendFile(join(early, "Cargo.toml"), sdk);
  await assert.rejects(buildRust(early), hostError("BUILD_FAILED", /"early".*run "npm install"/s));
});

test("without a Rust that can build it, what to run is said", async () => {
  const environment = { PATH: folder, XDG_CACHE_HOME: folder };
  await assert.rejects(
    buildRust(POSTGRES, { environment }),
    hostError("BUILD_TOOLCHAIN_MISSING", /rustup target add wasm32-unknown-unknown.*setup\.sh.*rustup\.rs/),
  );
  const cargoOnly = { ...environment, CARGO: "true" };
  await assert.rejects(
    buildRust(POSTGRES, { environment: { ...cargoOnly, PATH: env["PATH"], RUSTC: "false" } }),
    hostError("BUILD_TOOLCHAIN_MISSING", /Rust for wasm32-unknown-unknown/),
  );
});

function hostError(
  code: "BUILD_FAILED" | "BUILD_TOOLCHAIN_MISSING",
  message: RegExp,
): (error: unknown) => true {
  return (error) => {
    assert.ok(HostError.is(error, code));
    assert.match(error.message, message);
    return true;
  };
}

async function crate(name: string, source: string, type = "cdylib"): Promise<string> {
  const root = join(folder, name);
  await mkdir(join(root, "src"), { recursive: true });
  await writeFile(
    join(root, "Cargo.toml"),
    `[package]\nname = "${name}"\nedition = "2024"\n[lib]\ncrate-type = ["${type}"]\n[workspace]\n`,
  );
  await writeFile(join(root, "src", "lib.rs"), source);
  return root;
}
