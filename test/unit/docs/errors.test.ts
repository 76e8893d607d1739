import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ERROR_CODES, errorsPage } from "../../../docs/errors.ts";

test("docs/errors.md lists every code, as node docs/errors.ts writes it", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/errors.md"), "utf8");
  assert.equal(page, await errorsPage());
  for (const code of ERROR_CODES) assert.ok(page.includes(`| \`${code}\` `), code);
});
