import { access } from "node:fs/promises";
import { join } from "node:path";
import { locateRust } from "../../host/build/rust-toolchain.ts";
import { buildPlugin } from "../../host/build/build-plugin.ts";

const ROOT = join(import.meta.dirname, "../..");
const BUILDS = join(ROOT, "test/fixtures/build");

/** The plugins that tests use, built from their sources. */
const FIXTURES = {
  api: { folder: "plugins-as/api" },
  sql: { folder: "examples/rust/sql" },
  "conformance-as": { folder: "test/fixtures/conformance-as" },
  "conformance-rust": { folder: "test/fixtures/conformance-rust" },
  "conformance-rust-wasip2": { folder: "test/fixtures/conformance-rust", target: "wasm32-wasip2" },
} as const;

export type FixtureName = keyof typeof FIXTURES;
