import assert from "node:assert/strict";
import type { Services } from "../../host/component/contract/services.ts";
import { createWasi } from "../../host/component/wasi.ts";
import type { WasiResources } from "../../host/component/wasi-resources.ts";

/** WASI of an instance that was granted nothing. */
export function wasiOf(held: WasiResources): Record<string, object> {
  const exit = () => assert.fail("Nothing ends here.");
  const services: Services = {
    config: { get: () => undefined, all: () => ({}) },
    logger: { log: () => undefined },
    clock: { nowMs: () => 0, monotonicNs: () => 0n },
    random: { getBytes: (length) => new Uint8Array(length), getU64: () => 0n },
  };
  const host = { services, folders: [], print: () => undefined, exit, fault: () => new Error() };
  return createWasi(host, held);
}
