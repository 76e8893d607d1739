import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildPlugin } from "../../host/build/build-plugin.ts";
import { packageRoot } from "../../host/core/package-root.ts";
import { contractSuite } from "./contract-suite.ts";

const { file } = await buildPlugin(join(packageRoot, "test", "fixtures", "conformance-as"));
await contractSuite("the conformance plugin in AssemblyScript", await readFile(file));
