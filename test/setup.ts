// Builds the plugins that tests use, from their sources. Run once before all tests, by `npm test`.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildPlugin } from "../host/build/build-plugin.ts";
import { buildRust } from "../host/build/rust.ts";
import { compilePlain } from "./kit/compile-plain.ts";
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
      await useInstead(name, missing);
      continue;
    }
    const { target, form }: Fixture = FIXTURES[name];
    const options = { outFile: fixtureFile(name) };
    const folder = fixtureFolder(name);
    if (target === undefined && form === "core-module") {
      await compilePlain(folder, options.outFile);
      continue;
    }
    const { sizeBytes, durationMs, cached } = await (target === undefined
      ? buildPlugin(folder, options)
      : buildRust(folder, { ...options, target, componentize: form === undefined }));
    if (!cached) console.log(`built ${name}: ${sizeBytes} bytes in ${(durationMs / 1000).toFixed(1)} s`);
  }
}

/** A plugin that comes prebuilt is tested as it comes; tests of others are skipped. */
async function useInstead(name: FixtureName, missing: string): Promise<void> {
  const { prebuilt }: Fixture = FIXTURES[name];
  if (prebuilt === undefined) return console.log(`skipped: tests of ${name}. ${missing}`);
  await mkdir(dirname(fixtureFile(name)), { recursive: true });
  await copyFile(join(import.meta.dirname, "..", prebuilt), fixtureFile(name));
  return console.log(`skipped: building ${name}, which is tested as it comes. ${missing}`);
}

if (import.meta.main) await globalSetup();
