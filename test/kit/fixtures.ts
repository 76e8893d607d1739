import { existsSync } from "node:fs";
import { join } from "node:path";
import { type RustTarget, locateRust } from "../../host/build/rust-toolchain.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A plugin that tests use, built from its sources. */
export interface Fixture {
  /** Where its sources are. */
  readonly folder: string;
  /** For Rust: what it is compiled for. */
  readonly target?: RustTarget;
  /** Left as the compiler makes it, instead of made a component. */
  readonly form?: "core-module";
  /** A build that is committed, for where it cannot be built. */
  readonly prebuilt?: string;
}

export const FIXTURES = {
  api: { folder: "plugins-as/api" },
  postgres: {
    folder: "examples/rust/postgres",
    target: "wasm32-unknown-unknown",
    prebuilt: "examples/rust/prebuilt/postgres.wasm",
  },
  auth: {
    folder: "examples/rust/auth",
    target: "wasm32-unknown-unknown",
    prebuilt: "examples/rust/prebuilt/auth.wasm",
  },
  uploads: { folder: "examples/rust/uploads", target: "wasm32-unknown-unknown" },
  notifier: { folder: "plugins-as/notifier" },
  notes: { folder: "plugins-as/notes" },
  "conformance-as": { folder: "test/fixtures/conformance-as" },
  "faulty-as": { folder: "test/fixtures/faulty-as" },
  "talkative-as": { folder: "test/fixtures/talkative-as" },
  "conformance-rust": { folder: "test/fixtures/conformance-rust", target: "wasm32-unknown-unknown" },
  "conformance-rust-wasip2": { folder: "test/fixtures/conformance-rust", target: "wasm32-wasip2" },
  "conformance-as-plain": { folder: "test/fixtures/conformance-as", form: "core-module" },
  "conformance-rust-core": {
    folder: "test/fixtures/conformance-rust",
    target: "wasm32-unknown-unknown",
    form: "core-module",
  },
  "conformance-rust-wasip1": {
    folder: "test/fixtures/conformance-rust",
    target: "wasm32-wasip1",
    form: "core-module",
  },
  proxy: { folder: "test/fixtures/proxy-rust", target: "wasm32-wasip2" },
  "wasi-std": { folder: "test/fixtures/wasi-std", target: "wasm32-wasip2" },
  "wasi-crates": { folder: "test/fixtures/wasi-crates", target: "wasm32-wasip2" },
  "hostile-as": { folder: "test/fixtures/hostile-as" },
  "hostile-rust": { folder: "test/fixtures/hostile-rust", target: "wasm32-unknown-unknown" },
  "hostile-rust-wasip2": { folder: "test/fixtures/hostile-rust", target: "wasm32-wasip2" },
} as const satisfies Record<string, Fixture>;

export type FixtureName = keyof typeof FIXTURES;

/** Where `test/setup.ts` builds a fixture to. */
export function fixtureFile(name: FixtureName): string {
  return join(ROOT, "test/fixtures/build", `${name}.wasm`);
}

export function fixtureFolder(name: FixtureName): string {
  return join(ROOT, FIXTURES[name].folder);
}

/** The file of a fixture, which the set-up of the tests has built. */
export function fixture(name: FixtureName): string {
  const file = fixtureFile(name);
  if (existsSync(file)) return file;
  throw new Error(`The fixture ${name} is not built: run "node test/setup.ts".`);
}

/** For tests of a fixture that cannot be built here: why they are skipped. In CI nothing is. */
export function skipUnlessBuilt(name: FixtureName): string | false {
  if (process.env["CI"] || existsSync(fixtureFile(name))) return false;
  return `the fixture ${name} is not built: its toolchain is missing`;
}

/** What is missing to build a fixture here, and how to get it; nothing if it can be built. */
export async function whyMissing(name: FixtureName): Promise<string | undefined> {
  const { target }: Fixture = FIXTURES[name];
  if (target === undefined || (await locateRust(target))) return undefined;
  return `Rust cannot build for ${target} here: run "bash examples/rust/setup.sh ${target}", or see https://rustup.rs`;
}
