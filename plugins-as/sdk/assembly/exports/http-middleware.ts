import { liftRequest, liftResponse } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerRequest, lowerResponse, succeeded } from "../abi/lower";
import { AREA, free } from "../abi/memory";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsHttpMiddleware {}

// A request is more than the 16 values that parameters may be, so it stands in memory.
export function http_middleware$before(record: usize): usize {
  const request = liftRequest(record);
  free(record);
  if (request.isErr) return failed(request.error!);
  const decision = registered.httpMiddleware!.before(request.value);
  if (decision.isErr) return failed(decision.error!);
  const next = decision.value.request;
  store<bool>(AREA, next === null, 4);
  if (next) lowerRequest(AREA + 8, next);
  else lowerResponse(AREA + 8, decision.value.response!);
  return succeeded();
}

// Both parameters in one record: the request 0, the response 88.
export function http_middleware$after(record: usize): usize {
  const request = liftRequest(record);
  const answer = liftResponse(record + 88);
  free(record);
  if (request.isErr) return failed(request.error!);
  const response = registered.httpMiddleware!.after(request.value, answer);
  if (response.isErr) return failed(response.error!);
  lowerResponse(AREA + 4, response.value);
  return succeeded();
}

export { cabi_post as cabi_post$http_middleware$before, cabi_post as cabi_post$http_middleware$after };
