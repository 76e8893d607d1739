// Builds the plugins that tests use, from their sources. Run once before all tests, by `npm test`.
import { buildPlugin } from "../host/build/build-plugin.ts";
import { buildRust } from "../host/build/rust.ts";
import {
  type Fixture,
  type FixtureName,
  FIXTURES,
  fixtureFile,
  fixtureFolder,
  whyMissing,
} from "./kit/fixtures.ts";

export async function globalSetup(): Promise<void> {
  for (const name of Object.keys(FIXTURES) as FixtureName[]) {
    const missing = await whyMissing(name);
    if (missing !== undefined) {
      if (process.env["CI"]) throw new Error(missing);
      console.log(`skipped: tests of ${name}. ${missing}`);
      continue;
    }
    const { target }: Fixture = FIXTURES[name];
    const options = { outFile: fixtureFile(name) };
    const folder = fixtureFolder(name);
    const { sizeBytes, durationMs, cached } = await (target === undefined
      ? buildPlugin(folder, options)
      : buildRust(folder, { ...options, target }));
    if (!cached) console.log(`built ${name}: ${sizeBytes} bytes in ${(durationMs / 1000).toFixed(1)} s`);
  }
}

if (import.meta.main) await globalSetup();
