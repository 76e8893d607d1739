import { HttpRequest } from "./http-request";
import { HttpResponse } from "./http-response";
import { Result } from "./result";
import { Route } from "./route";

/** A capability: answers HTTP requests. */
export interface HttpPlugin {
  /** The routes this plugin answers. Called once, after `initialize`. */
  registerRoutes(): Route[];

  /** Answers a request for one of the routes. An error becomes a problem document, its status by its kind. */
  handleRequest(request: HttpRequest): Result<HttpResponse>;
}
