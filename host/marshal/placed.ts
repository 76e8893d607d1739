import { HostError } from "../core/error.ts";

/** What a check threw, with the place that it was made for before the path of a VALUE_INVALID. */
export function placed(error: unknown, place: string): unknown {
  if (!HostError.is(error, "VALUE_INVALID")) return error;
  const path = place + error.details.path.replace(/^the value/, "");
  return new HostError("VALUE_INVALID", { ...error.details, path });
}
