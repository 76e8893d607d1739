import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");

/** The rows of the table of promises. */
function promises(): { promise: string; file: string; title: string }[] {
  const text = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
  const rows = text.matchAll(/^\| ([^|]+?) +\| `(test\/[^`]+)` +\| ([^|]+?) +\|$/gm);
  return Array.from(rows, ([, promise = "", file = "", title = ""]) => ({ promise, file, title }));
}

test("every promise of SECURITY.md is shown by a test that there is", () => {
  assert.ok(promises().length > 20);
  const broken = promises().filter(({ file, title }) => {
    return !readFileSync(join(ROOT, file), "utf8").includes(`test(${JSON.stringify(title)}`);
  });
  assert.deepEqual(broken, []);
});
