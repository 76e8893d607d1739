import { Decision } from "./decision";
import { HttpRequest } from "./http-request";
import { HttpResponse } from "./http-response";
import { Result } from "./result";

/** Optional: sees the requests of every route. */
export interface HttpMiddleware {
  /** Called before the route's plugin. */
  before(request: HttpRequest): Result<Decision>;

  /** Called with the answer to a request that `before` let through. What it returns is sent. */
  after(request: HttpRequest, response: HttpResponse): Result<HttpResponse>;
}
