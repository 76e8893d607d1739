import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { skipUnlessBuilt } from "../kit/fixtures.ts";
import { runTarget } from "./run-target.ts";
import { TARGETS } from "./targets.ts";

/** Many more: `npm run fuzz`. */
const RUNS: Readonly<Record<string, number>> = { components: 200, http: 300 };
const BOUNDS = { seed: 1, seconds: Infinity };

suite("mutated input is read or refused with a code", () => {
  for (const target of TARGETS) {
    test(target.name, { skip: skipUnlessBuilt("conformance-rust") }, async (t) => {
      const report = await runTarget(target, { ...BOUNDS, runs: RUNS[target.name] ?? 2_000 });
      for (const [end, count] of report.ends) t.diagnostic(`${count} × ${end}`);
      assert.ok(
        report.ends.size > 2,
        "the inputs must end in several ways, or the test does not test what it says",
      );
    });
  }
});
