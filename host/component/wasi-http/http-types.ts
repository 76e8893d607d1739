import type { WasiResources } from "../wasi-resources.ts";
import { Fields } from "./fields.ts";
import { FutureTrailers, IncomingBody, IncomingRequest } from "./incoming-request.ts";
import { OutgoingBody, OutgoingResponse } from "./outgoing-response.ts";
import { ResponseOutparam } from "./response-outparam.ts";

/**
 * `wasi:http/types` for one instance: what it needs to answer requests. Requests of its own go out by
 * `wasi:http/outgoing-handler`, which is not given.
 */
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
    ...UNUSED,
    httpErrorCode: () => undefined,
  };
}

/** The bindings want every class that the interface names, whether or not there can be anything of it. */
function NotGiven(): never {
  throw new Error("This host gives no wasi:http/outgoing-handler.");
}

const UNUSED = {
  OutgoingRequest: NotGiven,
  RequestOptions: NotGiven,
  IncomingResponse: NotGiven,
  FutureIncomingResponse: NotGiven,
};
