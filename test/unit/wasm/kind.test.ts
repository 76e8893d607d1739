import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf } from "../../../host/wasm/kind.ts";

const MAGIC = [0, 0x61, 0x73, 0x6d];

function kind(...bytes: number[]): string {
  return kindOf(Uint8Array.from(bytes), "a.wasm");
}

test("the header tells a component from a core module", () => {
  assert.equal(kind(...MAGIC, 13, 0, 1, 0), "component");
  assert.equal(kind(...MAGIC, 1, 0, 0, 0), "core-module");
});

test("what is not WebAssembly is refused with its first characters", () => {
  assert.throws(() => kindOf(new TextEncoder().encode("<html><body>"), "a.wasm"), {
    code: "BINARY_NOT_WASM",
    details: { file: "a.wasm", found: "<html><b" },
  });
  assert.throws(() => kind(), { code: "BINARY_NOT_WASM" });
  assert.throws(() => kind(0, 0x61, 0x73), { code: "BINARY_NOT_WASM" });
});

test("a header that ends early is malformed, and another version unsupported", () => {
  assert.throws(() => kind(...MAGIC, 1, 0), { code: "BINARY_MALFORMED" });
  assert.throws(() => kind(...MAGIC, 2, 0, 0, 0), { code: "BINARY_UNSUPPORTED" });
  assert.throws(() => kind(...MAGIC, 12, 0, 1, 0), {
    code: "BINARY_UNSUPPORTED",
    message: /version 12 of layer 1/,
  });
});
