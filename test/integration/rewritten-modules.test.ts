import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type * as bindgen from "@bytecodealliance/jco-transpile/component";
import { instrument, type InstrumentOptions } from "../../host/wasm/instrument.ts";
import { arm, assemble } from "../unit/wasm/armed-instance.ts";

const LIMITS = { maxMemoryPages: 16_384, maxTableElements: 100_000 } as const;

const COMPONENT = await assemble(`(component
  (import "tusk:plugin/logger@0.1.0" (instance $logger (export "log" (func (param "text" string)))))
  (core module $libc (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core module $code
    (import "libc" "memory" (memory 1)) (import "host" "log" (func $log (param i32 i32)))
    (func (export "shout") (param i32 i32) (result i32) (call $log (local.get 0) (local.get 1)) (i32.const 8)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (core func $log (canon lower (func $logger "log") (memory $memory)))
  (core instance $code (instantiate $code
    (with "libc" (instance $libc)) (with "host" (instance (export "log" (func $log))))))
  (func (export "shout") (param "text" string) (result string)
    (canon lift (core func $code "shout") (memory $memory) (realloc (core func $libc "realloc")))))`);

for (const fuel of ["sliced", "exact"] as const) {
  test(`jco, rewritten for ${fuel} fuel, writes the same files`, async () => {
    const url = import.meta.resolve("@bytecodealliance/jco-transpile/component");
    const original = (await import(url)) as typeof bindgen;
    await original.$init;
    const rewritten = await importRewritten(url, fuel);
    const options = { name: "sample", instantiation: { tag: "async" } } as const;
    const before = original.generate(COMPONENT, options);
    const after = (rewritten.module as typeof bindgen).generate(COMPONENT, options);
    assert.ok(before.files.length > 2);
    assert.deepEqual(after, before);
    assert.ok(rewritten.timesAsked() > 5, "the rewritten code was not what ran");
  });
}

test("binaryen, rewritten, writes the same module", async () => {
  const url = import.meta.resolve("binaryen");
  const text = `(module (memory 1) (func (export "f") (param i32) (result i32)
    (local $x i32) (local.set $x (i32.const 3)) (loop $l
      (local.set 0 (i32.sub (local.get 0) (i32.mul (local.get $x) (i32.const 1))))
      (br_if $l (i32.gt_s (local.get 0) (i32.const 0)))) (i32.add (local.get 0) (i32.const 0))))`;
  const optimize = ({ default: binaryen }: Binaryen): string => {
    const module = binaryen.parseText(text);
    module.optimize();
    return module.emitText();
  };
  const before = optimize((await import(url)) as Binaryen);
  const rewritten = await importRewritten(url, "sliced");
  assert.match(before, /\(module/);
  assert.equal(optimize(rewritten.module as Binaryen), before);
  assert.ok(rewritten.timesAsked() > 5, "the rewritten code was not what ran");
});

test("every module that comes with the tools is valid when rewritten", async () => {
  const scope = fileURLToPath(new URL("../..", import.meta.resolve("@bytecodealliance/jco-transpile")));
  let count = 0;
  for await (const path of glob("*/{lib,vendor}/*.wasm", { cwd: scope })) {
    const bytes = await readFile(join(scope, path));
    if (!WebAssembly.validate(bytes)) continue;
    for (const fuel of ["sliced", "exact"] as const) {
      assert.ok(
        WebAssembly.validate(instrument(bytes, path, { ...LIMITS, fuel }).bytes),
        `${path} for ${fuel} fuel`,
      );
    }
    count++;
  }
  assert.ok(count >= 6, `only ${count} modules were found`);
});

interface Binaryen {
  readonly default: { parseText(text: string): { optimize(): void; emitText(): string } };
}

/** Imports a module anew, with every core module that it compiles meanwhile rewritten, and armed. */
async function importRewritten(
  url: string,
  fuel: InstrumentOptions["fuel"],
): Promise<{ module: unknown; timesAsked: () => number }> {
  const { compile, instantiate } = WebAssembly;
  let asked = 0;
  const stops = (left: WebAssembly.Global<bigint>): boolean => {
    asked++;
    left.value = 1_000_000n;
    return false;
  };
  const rewrittenModule = (bytes: Uint8Array): WebAssembly.Module =>
    new WebAssembly.Module(instrument(bytes, url, { ...LIMITS, fuel }).bytes);
  const instantiateArmed = (
    module: WebAssembly.Module,
    imports?: WebAssembly.Imports,
  ): WebAssembly.Instance => {
    const instance = new WebAssembly.Instance(module, imports);
    arm(instance, { fuel: 0n, stops });
    (instance.exports["tusk:start"] as (() => void) | undefined)?.();
    return instance;
  };
  try {
    WebAssembly.compile = async (bytes) => rewrittenModule(new Uint8Array(bytes as ArrayBuffer));
    WebAssembly.instantiate = (async (
      source: WebAssembly.Module | Uint8Array,
      imports?: WebAssembly.Imports,
    ) => {
      if (source instanceof WebAssembly.Module) return instantiateArmed(source, imports);
      const module = rewrittenModule(source);
      return { module, instance: instantiateArmed(module, imports) };
    }) as typeof instantiate;
    const module = (await import(`${url}?rewritten-for-${fuel}-fuel`)) as { $init?: Promise<void> };
    await module.$init;
    return { module, timesAsked: () => asked };
  } finally {
    Object.assign(WebAssembly, { compile, instantiate });
  }
}
