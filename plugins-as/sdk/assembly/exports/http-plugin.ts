import { liftRequest } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerResponse, lowerRoutes, succeeded } from "../abi/lower";
import { AREA, free } from "../abi/memory";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsHttpPlugin {}

export function http_plugin$register_routes(): usize {
  return lowerRoutes(registered.httpPlugin!.registerRoutes());
}

// A request is more than the 16 values that parameters may be, so it stands in memory.
export function http_plugin$handle_request(record: usize): usize {
  const request = liftRequest(record);
  free(record);
  if (request.isErr) return failed(request.error!);
  const response = registered.httpPlugin!.handleRequest(request.value);
  if (response.isErr) return failed(response.error!);
  lowerResponse(AREA + 4, response.value);
  return succeeded();
}

export {
  cabi_post as cabi_post$http_plugin$register_routes,
  cabi_post as cabi_post$http_plugin$handle_request,
};
