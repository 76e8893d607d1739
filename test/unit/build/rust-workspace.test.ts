import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { after, test } from "node:test";
import { rustTest } from "../../kit/rust-test.ts";

const WORKSPACE = new URL("../../../examples/rust", import.meta.url).pathname;
const TARGET = "wasm32-unknown-unknown";

const folder = await mkdtemp(join(tmpdir(), "rust-workspace-"));
after(() => rm(folder, { recursive: true }));

rustTest(TARGET, "the crates pass their own tests, their documentation's among them", () =>
  cargo("test", "--quiet", "--locked", "--workspace"),
);

rustTest(TARGET, "the crates are formatted", () => cargo("fmt", "--all", "--check"));

rustTest(TARGET, "Clippy has nothing to say", () =>
  cargo("clippy", "--quiet", "--locked", "--workspace", "--all-targets", "--", "--deny=warnings"),
);

rustTest(TARGET, "every link in the documentation leads somewhere", () =>
  cargo("rustdoc", "--quiet", "--locked", "--package=tusk-plugin", "--", "--deny=warnings"),
);

rustTest(TARGET, "setting Rust up does nothing where nothing is missing", async () => {
  assert.deepEqual(await setup(env), { code: 0, output: "" });
});

test("setting Rust up says what it takes where it cannot", async () => {
  const bare = { PATH: folder, HOME: folder };
  const none = await setup(bare);
  assert.equal(none.code, 1);
  assert.match(none.output, /^setup\.sh: there is no Rust here\. Install it with rustup/);
  for (const tool of ["cargo", "rustc"]) await symlink("/bin/false", join(folder, tool));
  const neither = await setup(bare);
  assert.equal(neither.code, 1);
  assert.match(
    neither.output,
    /no Debian package rustc-web.*\n.*rustup target add wasm32-unknown-unknown wasm32-wasip2/,
  );
});

async function cargo(...args: readonly string[]): Promise<void> {
  const { code, output } = await run(env["CARGO"] ?? "cargo", args, env);
  assert.equal(code, 0, output);
}

function setup(environment: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  return run("/bin/bash", [join(WORKSPACE, "setup.sh")], environment);
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { promise, resolve } = Promise.withResolvers<{ code: number; output: string }>();
  execFile(command, args, { cwd: WORKSPACE, env: environment }, (error, stdout, stderr) => {
    const code = typeof error?.code === "number" ? error.code : error ? -1 : 0;
    resolve({ code, output: stdout + stderr });
  });
  return promise;
}
