import { writeFile } from "node:fs/promises";
import { format } from "prettier";
import { createJsonSchema } from "./json-schema.ts";

// Run it after each change of the schema: a test fails as long as the file is stale.
const text = await format(JSON.stringify(createJsonSchema()), { parser: "json", printWidth: 110 });
await writeFile(new URL("settings.schema.json", import.meta.url), text);
