import type { Placement } from "../../host/config/settings.ts";

let placement: Placement | undefined;

/**
 * From now on `settingsFor` places plugins here where a test does not say otherwise. A test file that calls this
 * and then imports another runs all tests of that one in the other placement.
 */
export function placeAll(there: Placement): void {
  placement = there;
}

export function usualPlacement(): Placement {
  return placement ?? "inline";
}
