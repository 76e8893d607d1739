import assert from "node:assert/strict";
import { test } from "node:test";
import { FAMILIES } from "./families.ts";
import { ENVIRONMENT, observe } from "./observe.ts";
import { armed, assemble, rewrite } from "./armed-instance.ts";

for (const [family, wat] of Object.entries(FAMILIES)) {
  for (const fuel of ["sliced", "exact"] as const) {
    if (family === "vectors" && fuel === "exact") continue;
    test(`${family}: a module rewritten for ${fuel} fuel does what it did`, async () => {
      const original = await assemble(wat);
      const rewritten = rewrite(original, { fuel });
      assert.ok(WebAssembly.validate(original) && WebAssembly.validate(rewritten));
      const before = observe(new WebAssembly.Instance(new WebAssembly.Module(original), ENVIRONMENT));
      const after = observe(armed(rewritten, ENVIRONMENT).instance);
      assert.ok(before.length > 0);
      assert.deepEqual(after, before);
    });
  }
}

test("a module that asks its hook at every payment does what it did", async () => {
  for (const wat of Object.values(FAMILIES)) {
    const original = await assemble(wat);
    let asked = 0;
    const arms = { fuel: -1n, stops: () => asked++ < 0 };
    const before = observe(new WebAssembly.Instance(new WebAssembly.Module(original), ENVIRONMENT));
    const after = observe(armed(rewrite(original), ENVIRONMENT, arms).instance);
    assert.deepEqual(after, before);
  }
});
