import { test } from "node:test";
import { env, stderr } from "node:process";
import { locateRust, type RustTarget } from "../../../host/build/rust-toolchain.ts";

const SETUP = "examples/rust/setup.sh";

/**
 * A test that builds for `target`. Where there is no Rust that can, it fails if `CI` is set; elsewhere it is
 * skipped, and a line says how to get one.
 */
export async function rustTest(target: RustTarget, title: string, body: () => Promise<void>): Promise<void> {
  const missing = !(await locateRust(target));
  if (missing && env["CI"] === undefined) {
    stderr.write(`skipped for want of Rust for ${target} (${SETUP} gets it): ${title}\n`);
    return;
  }
  await test(title, { timeout: 600_000 }, body);
}
