import { HostError } from "./error.ts";

/**
 * Whether WebAssembly can wait here for what takes its time (JSPI), which everything else stands on.
 *
 * @param found What to call this runtime.
 * @throws HostError RUNTIME_UNSUPPORTED
 */
export function verifyRuntime(found: string = nameOfRuntime()): void {
  if ("Suspending" in WebAssembly && "promising" in WebAssembly) return;
  throw new HostError("RUNTIME_UNSUPPORTED", {
    found,
    needs: "Node 24.21 or newer, with WebAssembly's JSPI",
  });
}

/** Node has had a navigator since 21. */
function nameOfRuntime(): string {
  return (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent ?? "an older Node";
}
