import { HostError } from "./error.ts";

/**
 * Whether WebAssembly can wait here for what takes its time (JSPI), which everything else stands on.
 *
 * @throws HostError RUNTIME_UNSUPPORTED
 */
export function verifyRuntime(): void {
  if ("Suspending" in WebAssembly && "promising" in WebAssembly) return;
  // Node has had a navigator since 21.
  const found =
    (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent ?? "an older Node";
  throw new HostError("RUNTIME_UNSUPPORTED", {
    found,
    needs: "Node 24.21 or newer, with WebAssembly's JSPI",
  });
}
