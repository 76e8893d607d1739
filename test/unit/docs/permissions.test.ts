import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { permissionsPage } from "../../../docs/permissions.ts";
import { PERMISSIONS } from "../../../host/security/permissions.ts";

test("docs/permissions.md is as node docs/permissions.ts writes it, with every permission", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/permissions.md"), "utf8");
  assert.equal(page, await permissionsPage());
  for (const name of Object.keys(PERMISSIONS)) assert.ok(page.includes(`\n## ${name}\n`), name);
});
