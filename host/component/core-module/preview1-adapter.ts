import { readFile } from "node:fs/promises";
import { JCO, resolveOptional } from "./optional-package.ts";
import { PREVIEW1 } from "./preview1.ts";

/**
 * What makes `wasi_snapshot_preview1` of WASI 0.2 within a component, under its name. Only jco brings it.
 *
 * @throws HostError PACKAGE_MISSING
 */
export async function preview1Adapter(plugin: string): Promise<[name: string, adapter: Uint8Array]> {
  return [PREVIEW1, await readFile(resolveOptional(JCO, `lib/${PREVIEW1}.reactor.wasm`, plugin))];
}
