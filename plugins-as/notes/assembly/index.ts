import {
  clock,
  encodeJson,
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

/** A note, as it is kept and as it is shown. */
@json({ names: "snake_case" })
class Note {
  id: string;
  author: string;
  text: string;
  writtenAt: string;
}

/** What somebody sends who writes one. */
@json
class Draft {
  text: string;
}

/** Whom to tell of new notes, and over what. */
@json
class Recipient {
  channel: string;
  recipient: string;
}

@json
class Settings {
  notify: Recipient[] = [];
}

/** `notification` in the contract. */
@json
class Message {
  constructor(
    public channel: string = "",
    public recipient: string = "",
    public subject: string = "",
    public body: string = "",
    public data: Note | null = null,
  ) {}
}

/**
 * Keeps notes with the plugin `postgres`, and tells of new ones with the plugin `notifier`. Who writes is
 * known by the guard that its routes have in the host's settings; without one it takes no notes.
 */
class NotesPlugin extends Plugin implements HttpPlugin, HttpStreamPlugin {
  name: string = "notes";
  version: string = "1.0.0";
  description: string = "Keeps notes, and tells of new ones";
  private notify: Recipient[] = [];

  /** `notify` names whom to tell: `[{ "channel": "email", "recipient": "ada@example.com" }]`. */
  initialize(settings: JsonValue): PluginError | null {
    const read = settings.to<Settings>();
    if (read.isErr) return read.error;
    this.notify = read.value.notify;
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
      const rows = query<Note[]>(PAGE, after);
      if (rows.isErr) return rows.error;
      const notes = rows.value;
      if (notes.length == 0) return body.finish();
      let lines = "";
      for (let i = 0; i < notes.length; i++) lines += encodeJson(notes[i]) + "\n";
      const failed = body.writeText(lines);
      if (failed) return failed;
      const last = notes[notes.length - 1];
      after = JsonValue.array().push(last.writtenAt).push(last.writtenAt).push(last.id);
    }
  }

  private list(): Result<HttpResponse> {
    const rows = query<Note[]>(
      "SELECT id, author, text, written_at FROM notes ORDER BY written_at, id",
      JsonValue.array(),
    );
    return rows.isErr ? rows.as<HttpResponse>() : Result.ok(HttpResponse.json(rows.value));
  }

  private write(request: HttpRequest): Result<HttpResponse> {
    const author = request.user;
    if (!author) return refuse(PluginError.denied("Nobody guards this route, so that nobody may write."));
    const draft = request.json<Draft>();
    if (draft.isErr) return draft.as<HttpResponse>();
    const note = new Note();
    note.id = random.u64().toString(16);
    note.author = author.name;
    note.text = draft.value.text;
    note.writtenAt = clock.timestamp();
    if (note.text == "") return refuse(PluginError.invalidInput("A note has a text."));
    const values = JsonValue.array().push(note.id).push(note.author).push(note.text).push(note.writtenAt);
    const sql = "INSERT INTO notes (id, author, text, written_at) VALUES (?, ?, ?, ?)";
    const inserted = query<JsonValue>(sql, values);
    if (inserted.isErr) return inserted.as<HttpResponse>();
    this.tell(note);
    return Result.ok(HttpResponse.json(note, 201));
  }

  /** A note is kept, whether or not everybody could be told. */
  private tell(note: Note): void {
    for (let i = 0; i < this.notify.length; i++) {
      const to = this.notify[i];
      const subject = `A note of ${note.author}`;
      const message = new Message(to.channel, to.recipient, subject, note.text, note);
      const args = JsonValue.array().push(message);
      const sent = peers.call("notifier", "notification-plugin", "send-notification", args);
      if (sent.isErr) logger.warn(`Nobody was told by ${to.channel}: ${sent.error!.message}`);
    }
  }
}

function query<T>(sql: string, params: JsonValue): Result<T> {
  return peers.call<T>(
    "postgres",
    "database-plugin",
    "execute-query",
    JsonValue.array().push(sql).push(params),
  );
}

function refuse(error: PluginError): Result<HttpResponse> {
  return Result.err<HttpResponse>(error);
}

register(new NotesPlugin());
