import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { createFaultTeller } from "../../../host/core/fault-teller.ts";

const broken = new Error("broken");

test("what went wrong is told with a code, what the host was doing, and its cause", () => {
  const told: HostError[] = [];
  createFaultTeller((error) => void told.push(error))("counted to three", broken);
  assert.deepEqual([told[0]?.code, told[0]?.cause], ["HOST_FAULT", broken]);
  assert.match(told[0]?.message ?? "", /while it counted to three/);
});

for (const [title, sink] of [
  ["where nobody takes it", undefined],
  [
    "where who takes it fails, too",
    () => {
      throw new Error("no room");
    },
  ],
] as const) {
  test(`${title} it is a warning of the process`, async () => {
    const warned = once(process, "warning");
    createFaultTeller(sink)("counted to three", broken);
    const [warning] = (await warned) as [unknown];
    assert.ok(HostError.is(warning, "HOST_FAULT"));
    assert.match((warning as { detail?: string }).detail ?? "", /^Error: broken\n/);
  });
}
