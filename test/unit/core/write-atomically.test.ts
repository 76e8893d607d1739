import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeAtomically } from "../../../host/core/write-atomically.ts";

test("a file is written whole, and nothing is left beside it", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tusk-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "new", "file.txt");
  await writeAtomically(file, "one");
  await writeAtomically(file, new TextEncoder().encode("two"));
  assert.equal(await readFile(file, "utf8"), "two");
  assert.deepEqual(await readdir(join(folder, "new")), ["file.txt"]);
});

test("a file that cannot be replaced stays, and nothing is left beside it", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tusk-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "taken", "inside"), { recursive: true });
  await assert.rejects(writeAtomically(join(folder, "taken"), "text"));
  assert.deepEqual(await readdir(folder), ["taken"]);
});
