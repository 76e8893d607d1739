import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { PREVIEW1, PREVIEW1_FUNCTIONS } from "../../../../host/component/core-module/preview1.ts";
import { JCO, resolveOptional } from "../../../../host/component/core-module/optional-package.ts";
import { decodeModule } from "../../../../host/wasm/module-outline.ts";

test("every function of WASI preview 1 is there: as many as the adapter for components has", async () => {
  const adapter = await readFile(resolveOptional(JCO, `lib/${PREVIEW1}.reactor.wasm`, "a"));
  const expected = decodeModule(adapter, "adapter").exports.flatMap(({ name, kind }) =>
    kind === "function" && /^(?:args|environ|clock|fd|path|poll|proc|random|sched|sock)_/.test(name)
      ? name
      : [],
  );
  assert.deepEqual([...PREVIEW1_FUNCTIONS].toSorted(), expected.toSorted());
});
