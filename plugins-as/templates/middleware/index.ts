import {
  Decision,
  HttpMiddleware,
  HttpRequest,
  HttpResponse,
  JsonValue,
  Plugin,
  PluginError,
  register,
  Result,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/http-middleware";

/** What the settings may say, and what holds where they say nothing. */
@json({ unknown: "refuse" })
class Settings {
  closed: bool = false;
}

class MyPlugin extends Plugin implements HttpMiddleware {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Sees every request";
  private settings: Settings = new Settings();

  initialize(settings: JsonValue): PluginError | null {
    const read = settings.to<Settings>();
    if (read.isErr) return read.error;
    this.settings = read.value;
    return null;
  }

  before(request: HttpRequest): Result<Decision> {
    if (this.settings.closed) return Result.ok(Decision.respond(HttpResponse.text("Closed", 503)));
    return Result.ok(Decision.next(request));
  }

  after(request: HttpRequest, response: HttpResponse): Result<HttpResponse> {
    response.headers.append("x-seen-by", this.name);
    return Result.ok(response);
  }
}

register(new MyPlugin());
