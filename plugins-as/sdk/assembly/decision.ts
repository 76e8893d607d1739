import { HttpRequest } from "./http-request";
import { HttpResponse } from "./http-response";

/** What a middleware makes of a request. Exactly one of the two is there. */
export class Decision {
  private constructor(
    readonly request: HttpRequest | null,
    readonly response: HttpResponse | null,
  ) {}

  /** It goes on, as it is here. */
  static next(request: HttpRequest): Decision {
    return new Decision(request, null);
  }

  /** It is answered here; nothing further in sees it. */
  static respond(response: HttpResponse): Decision {
    return new Decision(null, response);
  }
}
