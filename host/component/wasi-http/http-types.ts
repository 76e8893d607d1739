import type { WasiResources } from "../wasi-resources.ts";
import { Fields } from "./fields.ts";
import { FutureTrailers, IncomingBody, IncomingRequest } from "./incoming-request.ts";
import { FutureIncomingResponse, IncomingResponse } from "./incoming-response.ts";
import { OutgoingRequest } from "./outgoing-request.ts";
import { OutgoingBody, OutgoingResponse } from "./outgoing-response.ts";
import { RequestOptions } from "./request-options.ts";
import { ResponseOutparam } from "./response-outparam.ts";

/** `wasi:http/types` for one instance. */
export function createHttpTypes(resources: WasiResources): Record<string, unknown> {
  return {
    // What the plugin makes belongs to its instance; whatever else looks at the class sees the class itself.
    Fields: new Proxy(Fields, { construct: () => new Fields(resources) }),
    IncomingRequest,
    IncomingBody,
    FutureTrailers,
    OutgoingResponse,
    OutgoingBody,
    ResponseOutparam,
    OutgoingRequest,
    RequestOptions: new Proxy(RequestOptions, { construct: () => new RequestOptions(resources) }),
    FutureIncomingResponse,
    IncomingResponse,
    httpErrorCode: () => undefined,
  };
}
