import {
  config,
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

class MyPlugin extends Plugin implements HttpPlugin {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Answers requests";

  registerRoutes(): Route[] {
    return [Route.get("/my-plugin"), Route.get("/my-plugin/:name")];
  }

  handleRequest(request: HttpRequest): Result<HttpResponse> {
    if (!request.path.startsWith("/my-plugin")) return Result.ok(HttpResponse.notFound());
    const name = request.param("name");
    const greeting = config.get("greeting").asString("Hello");
    const answer = JsonValue.object().set("greeting", `${greeting}, ${name === null ? "you" : name}!`);
    return Result.ok(HttpResponse.json(answer));
  }
}

register(new MyPlugin());
