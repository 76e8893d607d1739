import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { locateRust } from "../../../host/build/rust-toolchain.ts";

const TARGET = "wasm32-unknown-unknown";

const folder = await mkdtemp(join(tmpdir(), "rust-toolchain-"));
after(() => rm(folder, { recursive: true }));

const libraries = join(folder, "rustlib", TARGET, "lib");
const librarySources = join(folder, "rustlib", "src", "rust");
const empty = join(folder, "empty");
await mkdir(libraries, { recursive: true });
await mkdir(empty);
await writeFile(join(libraries, "libstd-0123456789abcdef.rlib"), "");
const installed = await compiler(join(folder, "bin"), libraries);
const withoutTarget = await compiler(join(folder, "bare"), empty);
await compiler(join(folder, "cache", "tusk-host", "rust-wasm"), libraries);

test("a compiler that has the target is taken as it is", async () => {
  const environment = { CARGO: "true", RUSTC: installed, PATH: "/usr/bin:/bin" };
  assert.deepEqual(await locateRust(TARGET, environment), {
    cargo: "true",
    env: environment,
    librarySources,
  });
});

test("one that knows the target but lacks its library gives way to the one in the cache folder", async () => {
  const environment = {
    CARGO: "true",
    RUSTC: withoutTarget,
    PATH: "/usr/bin:/bin",
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  const rustc = join(folder, "cache", "tusk-host", "rust-wasm", "rustc");
  assert.deepEqual(await locateRust(TARGET, environment), {
    cargo: "true",
    rustc,
    env: { ...environment, RUSTC: rustc },
    librarySources,
  });
});

test("without either, or without Cargo, there is no Rust", async () => {
  const environment = { CARGO: "true", RUSTC: withoutTarget, PATH: "/usr/bin:/bin", XDG_CACHE_HOME: empty };
  assert.equal(await locateRust(TARGET, environment), undefined);
  assert.equal(await locateRust(TARGET, { ...environment, RUSTC: "no-such-command" }), undefined);
  assert.equal(
    await locateRust(TARGET, { ...environment, RUSTC: installed, CARGO: "no-such-command" }),
    undefined,
  );
});

/** A compiler that can do nothing but name the folder of a target. */
async function compiler(at: string, targetFolder: string): Promise<string> {
  await mkdir(at, { recursive: true });
  const file = join(at, "rustc");
  await writeFile(file, `#!/bin/sh\necho ${targetFolder}\n`);
  await chmod(file, 0o755);
  return file;
}
