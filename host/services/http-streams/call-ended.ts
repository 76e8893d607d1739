import { ServiceError } from "../../component/contract/service-error.ts";

/** What a plugin is told that uses a body outside of the call which it belongs to. */
export function callEnded(): ServiceError {
  return new ServiceError("conflict", "The call that this body belongs to has ended.");
}
