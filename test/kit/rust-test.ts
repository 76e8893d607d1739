import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import { locateRust, type RustTarget } from "../../host/build/rust-toolchain.ts";

/**
 * A test that builds for `target`. Where there is no Rust that can, it fails if `CI` is set; elsewhere it is
 * skipped, and says how to get one.
 */
export function rustTest(target: RustTarget, title: string, body: () => Promise<void>): void {
  test(title, { timeout: 1_200_000 }, async (context) => {
    if (await locateRust(target)) return body();
    const reason = `no Rust for ${target} here: examples/rust/setup.sh gets it`;
    if (env["CI"] !== undefined) assert.fail(reason);
    context.skip(reason);
  });
}
