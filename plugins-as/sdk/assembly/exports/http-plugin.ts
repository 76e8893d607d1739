import { liftRequest } from "../abi/lift";
import { cabi_post, lendBlock } from "../abi/loan";
import { failed, lowerResponse, lowerString, succeeded } from "../abi/lower";
import { AREA, free } from "../abi/memory";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsHttpPlugin {}

export function http_plugin$register_routes(): usize {
  const routes = registered.httpPlugin!.registerRoutes();
  const length = routes.length;
  const block = lendBlock(16 * length);
  for (let i = 0; i < length; i++) {
    lowerString(block + 16 * i, routes[i].method);
    lowerString(block + 16 * i + 8, routes[i].pattern);
  }
  store<usize>(AREA, block);
  store<usize>(AREA, length, 4);
  return AREA;
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
