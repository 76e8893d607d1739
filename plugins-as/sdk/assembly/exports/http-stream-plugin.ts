import { liftRequestHead } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerRoutes, outcome } from "../abi/lower";
import { free } from "../abi/memory";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsHttpStreamPlugin {}

export function http_stream_plugin$register_stream_routes(): usize {
  return lowerRoutes(registered.httpStreamPlugin!.registerStreamRoutes());
}

// A request is more than the 16 values that parameters may be, so it stands in memory.
export function http_stream_plugin$handle_stream(record: usize): usize {
  const request = liftRequestHead(record);
  free(record);
  if (request.isErr) return failed(request.error!);
  const error = registered.httpStreamPlugin!.handleStream(request.value);
  request.value.close();
  return outcome(error);
}

export {
  cabi_post as cabi_post$http_stream_plugin$register_stream_routes,
  cabi_post as cabi_post$http_stream_plugin$handle_stream,
};
