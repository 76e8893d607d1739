import {
  clock,
  HttpPlugin,
  HttpRequest,
  HttpResponse,
  JsonValue,
  Plugin,
  register,
  Result,
  Route,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/http-plugin";

/** Tells whether the service is up, and which version of it. */
class ApiPlugin extends Plugin implements HttpPlugin {
  name: string = "api";
  version: string = "1.0.0";
  description: string = "REST API plugin";

  registerRoutes(): Route[] {
    return [Route.get("/api/health"), Route.get("/api/version")];
  }

  handleRequest(request: HttpRequest): Result<HttpResponse> {
    if (request.path == "/api/health") return Result.ok(this.health());
    if (request.path == "/api/version") return Result.ok(this.about());
    return Result.ok(HttpResponse.notFound());
  }

  private health(): HttpResponse {
    return HttpResponse.json(JsonValue.object().set("status", "healthy").set("timestamp", clock.timestamp()));
  }

  private about(): HttpResponse {
    return HttpResponse.json(JsonValue.object().set("version", this.version).set("name", this.name));
  }
}

register(new ApiPlugin());
