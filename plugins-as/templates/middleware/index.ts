import {
  config,
  Decision,
  HttpMiddleware,
  HttpRequest,
  HttpResponse,
  Plugin,
  register,
  Result,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/http-middleware";

class MyPlugin extends Plugin implements HttpMiddleware {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Sees every request";

  before(request: HttpRequest): Result<Decision> {
    const closed = config.get("closed").asBool(false);
    if (closed) return Result.ok(Decision.respond(HttpResponse.text("Closed", 503)));
    return Result.ok(Decision.next(request));
  }

  after(request: HttpRequest, response: HttpResponse): Result<HttpResponse> {
    response.headers.append("x-seen-by", this.name);
    return Result.ok(response);
  }
}

register(new MyPlugin());
