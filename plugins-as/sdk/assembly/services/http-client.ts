import { httpClient_send } from "../abi/imports";
import { liftError, liftResponse } from "../abi/lift";
import { lendBlock, reclaim } from "../abi/loan";
import { lowerBytes, lowerFields, lowerString } from "../abi/lower";
import { AREA } from "../abi/memory";
import { HttpResponse } from "../http-response";
import { Result } from "../result";
import { OutgoingRequest } from "./outgoing-request";

/** A service: requests to other servers. The permission `http-client`. */
export namespace httpClient {
  /** Sends a request and waits for the whole response. Any status is a success. */
  export function send(request: OutgoingRequest): Result<HttpResponse> {
    const record = lendBlock(32);
    lowerString(record, request.method);
    lowerString(record + 8, request.url);
    lowerFields(record + 16, request.headers);
    lowerBytes(record + 24, request.body);
    const timeoutMs = request.timeoutMs;
    httpClient_send(
      load<usize>(record),
      load<i32>(record, 4),
      load<usize>(record, 8),
      load<i32>(record, 12),
      load<usize>(record, 16),
      load<i32>(record, 20),
      load<usize>(record, 24),
      load<i32>(record, 28),
      timeoutMs != 0,
      timeoutMs,
      AREA,
    );
    reclaim();
    return load<bool>(AREA)
      ? Result.err<HttpResponse>(liftError(AREA + 4))
      : Result.ok(liftResponse(AREA + 4));
  }

  export function get(url: string): Result<HttpResponse> {
    return send(new OutgoingRequest("GET", url));
  }
}
