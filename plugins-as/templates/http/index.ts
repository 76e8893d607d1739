import {
  HttpPlugin,
  HttpRequest,
  HttpResponse,
  JsonValue,
  Plugin,
  PluginError,
  register,
  Result,
  Route,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/http-plugin";

/** What the settings may say, and what holds where they say nothing. */
@json({ unknown: "refuse" })
class Settings {
  greeting: string = "Hello";
}

/** What is answered. */
@json
class Greeting {
  constructor(public greeting: string = "") {}
}

class MyPlugin extends Plugin implements HttpPlugin {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Answers requests";
  private settings: Settings = new Settings();

  initialize(settings: JsonValue): PluginError | null {
    const read = settings.to<Settings>();
    if (read.isErr) return read.error;
    this.settings = read.value;
    return null;
  }

  registerRoutes(): Route[] {
    return [Route.get("/my-plugin"), Route.get("/my-plugin/:name")];
  }

  handleRequest(request: HttpRequest): Result<HttpResponse> {
    if (!request.path.startsWith("/my-plugin")) return Result.ok(HttpResponse.notFound());
    const name = request.param("name");
    const text = `${this.settings.greeting}, ${name === null ? "you" : name}!`;
    return Result.ok(HttpResponse.json(new Greeting(text)));
  }
}

register(new MyPlugin());
