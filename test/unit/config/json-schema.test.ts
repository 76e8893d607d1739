import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createJsonSchema } from "../../../host/config/json-schema.ts";

test("the JSON Schema that is shipped is the one of the code", async () => {
  const shipped = await readFile(
    new URL("../../../host/config/settings.schema.json", import.meta.url),
    "utf8",
  );
  assert.deepEqual(
    JSON.parse(shipped),
    createJsonSchema(),
    "it is stale: run node host/config/generate-schema.ts",
  );
});
