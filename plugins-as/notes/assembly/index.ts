import {
  clock,
  HttpPlugin,
  HttpRequest,
  HttpResponse,
  HttpStreamPlugin,
  JsonValue,
  logger,
  peers,
  Plugin,
  PluginError,
  random,
  register,
  ResponseHead,
  Result,
  Route,
  StreamRequest,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/http-plugin";
export * from "tusk-plugin-as/exports/http-stream-plugin";

const TABLE =
  "CREATE TABLE IF NOT EXISTS notes (id TEXT PRIMARY KEY, author TEXT NOT NULL, text TEXT NOT NULL, written_at TEXT NOT NULL)";

/** Those after a moment, and at that moment after an id. */
const PAGE =
  "SELECT id, author, text, written_at FROM notes WHERE written_at > ? OR (written_at = ? AND id > ?) " +
  "ORDER BY written_at, id LIMIT 100";

/**
 * Keeps notes with the plugin `postgres`, and tells of new ones with the plugin `notifier`. Who writes is
 * known by the guard that its routes have in the host's settings; without one it takes no notes.
 */
class NotesPlugin extends Plugin implements HttpPlugin, HttpStreamPlugin {
  name: string = "notes";
  version: string = "1.0.0";
  description: string = "Keeps notes, and tells of new ones";
  private notify: JsonValue = JsonValue.array();

  /** `notify` names whom to tell: `[{ "channel": "email", "recipient": "ada@example.com" }]`. */
  initialize(settings: JsonValue): PluginError | null {
    this.notify = settings.get("notify");
    const args = JsonValue.array().push("notes").push(TABLE);
    return peers.call("postgres", "database-plugin", "create-table", args).error;
  }

  registerRoutes(): Route[] {
    return [Route.get("/api/notes"), Route.post("/api/notes")];
  }

  handleRequest(request: HttpRequest): Result<HttpResponse> {
    return request.method == "POST" ? this.write(request) : this.list();
  }

  registerStreamRoutes(): Route[] {
    return [Route.get("/api/notes/export")];
  }

  /** All notes, oldest first, a line of JSON for each: few of them are ever in memory. */
  handleStream(request: StreamRequest): PluginError | null {
    const head = new ResponseHead().withHeader("content-type", "application/x-ndjson");
    const responded = request.respond(head);
    if (responded.isErr) return responded.error;
    const body = responded.value;
    let after = JsonValue.array().push("").push("").push("");
    while (true) {
      const rows = query(PAGE, after);
      if (rows.isErr) return rows.error;
      const notes = rows.value.elements;
      if (notes.length == 0) return body.finish();
      let lines = "";
      for (let i = 0; i < notes.length; i++) lines += notes[i].toString() + "\n";
      const failed = body.writeText(lines);
      if (failed) return failed;
      const last = notes[notes.length - 1];
      after = JsonValue.array()
        .push(last.get("written_at"))
        .push(last.get("written_at"))
        .push(last.get("id"));
    }
  }

  private list(): Result<HttpResponse> {
    const rows = query(
      "SELECT id, author, text, written_at FROM notes ORDER BY written_at, id",
      JsonValue.array(),
    );
    return rows.isErr ? rows.as<HttpResponse>() : Result.ok(HttpResponse.json(rows.value));
  }

  private write(request: HttpRequest): Result<HttpResponse> {
    const author = request.user;
    if (!author) return refuse(PluginError.denied("Nobody guards this route, so that nobody may write."));
    const body = request.json();
    if (body.isErr) return body.as<HttpResponse>();
    const text = body.value.get("text").asString();
    if (text == "") return refuse(PluginError.invalidInput('A note has a "text".'));
    const note = JsonValue.object()
      .set("id", random.u64().toString(16))
      .set("author", author.name)
      .set("text", text)
      .set("written_at", clock.timestamp());
    const values = JsonValue.array();
    for (let i = 0; i < note.keys.length; i++) values.push(note.get(note.keys[i]));
    const inserted = query("INSERT INTO notes (id, author, text, written_at) VALUES (?, ?, ?, ?)", values);
    if (inserted.isErr) return inserted.as<HttpResponse>();
    this.tell(note);
    return Result.ok(HttpResponse.json(note, 201));
  }

  /** A note is kept, whether or not everybody could be told. */
  private tell(note: JsonValue): void {
    const recipients = this.notify.elements;
    for (let i = 0; i < recipients.length; i++) {
      const message = JsonValue.object()
        .set("channel", recipients[i].get("channel"))
        .set("recipient", recipients[i].get("recipient"))
        .set("subject", `A note of ${note.get("author").asString()}`)
        .set("body", note.get("text"))
        .set("data", note);
      const args = JsonValue.array().push(message);
      const sent = peers.call("notifier", "notification-plugin", "send-notification", args);
      if (sent.isErr)
        logger.warn(`Nobody was told by ${message.get("channel").asString()}: ${sent.error!.message}`);
    }
  }
}

function query(sql: string, params: JsonValue): Result<JsonValue> {
  return peers.call("postgres", "database-plugin", "execute-query", JsonValue.array().push(sql).push(params));
}

function refuse(error: PluginError): Result<HttpResponse> {
  return Result.err<HttpResponse>(error);
}

register(new NotesPlugin());
