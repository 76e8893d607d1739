import type { FuzzTarget } from "./target.ts";
import { DECODER, REWRITER } from "./targets/binaries.ts";
import { COMPONENTS } from "./targets/components.ts";
import { HTTP } from "./targets/http.ts";
import { JSON_SETTINGS, TSK_SETTINGS } from "./targets/settings.ts";
import { SIGNATURES } from "./targets/signatures.ts";
import { MESSAGE_PACK } from "./targets/values.ts";

/** Everything of the host that reads bytes of others. */
export const TARGETS: readonly FuzzTarget[] = [
  DECODER,
  REWRITER,
  SIGNATURES,
  MESSAGE_PACK,
  TSK_SETTINGS,
  JSON_SETTINGS,
  HTTP,
  COMPONENTS,
];
