import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { skipUnlessPostgres, startPostgres } from "../kit/postgres-server.ts";
import { type RunningTusk, startTusk } from "../kit/tusk.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const README = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");

/** What `npm start` runs, on a free port. */
async function npmStart(env: Readonly<Record<string, string>>): Promise<RunningTusk & { url: string }> {
  const running = startTusk(["--port", "0"], { env, script: "examples/start.ts" });
  const listening = await running.line((line) => line.startsWith("Listening on "));
  return { ...running, url: listening.slice("Listening on ".length) };
}

/** A client that shows the token that it was given. */
class Client {
  readonly #url: string;
  token: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends a GET, or a POST where there is a body; gives the status, and the JSON of the answer. */
  async ask(path: string, body?: object): Promise<[status: number, answer: unknown]> {
    const headers = this.token === undefined ? undefined : { authorization: `Bearer ${this.token}` };
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(this.#url + path, { ...init, ...(headers && { headers }) });
    const text = await response.text();
    return [response.status, text === "" ? undefined : JSON.parse(text)];
  }

  async signIn(username: string, password: string): Promise<void> {
    const [status, answer] = await this.ask("/auth/login", { username, password });
    assert.equal(status, 200);
    this.token = (answer as { token: string }).token;
  }
}

async function tellStory(running: RunningTusk & { url: string }): Promise<void> {
  const admin = new Client(running.url);
  assert.equal((await admin.ask("/api/health"))[0], 200);
  assert.equal((await admin.ask("/api/notes"))[0], 401);
  assert.equal((await admin.ask("/api/notes/export"))[0], 401);
  assert.equal((await admin.ask("/auth/login", { username: "admin", password: "a guess" }))[0], 401);
  await admin.signIn("admin", "the password of this test");
  const [status, written] = await admin.ask("/api/notes", { text: "It works 🦣." });
  assert.equal(status, 201);
  const note = written as { id: string; author: string; text: string };
  assert.deepEqual([note.author, note.text], ["admin", "It works 🦣."]);
  assert.deepEqual(await admin.ask("/api/notes"), [200, [note]]);
  // A line of JSON for each note, of which there is one.
  assert.deepEqual(await admin.ask("/api/notes/export"), [200, note]);

  const webhook = await running.line((line) => line.startsWith("webhook  "));
  assert.deepEqual((JSON.parse(webhook.slice("webhook  ".length)) as { data: object }).data, note);
  await running.line((line) => line.startsWith("mail     to ada@example.com: A note of admin: "));

  const nobody = { username: "eve", password: "the password of eve" };
  assert.equal((await admin.ask("/auth/users", nobody))[0], 201);
  const eve = new Client(running.url);
  await eve.signIn(nobody.username, nobody.password);
  assert.equal((await eve.ask("/api/notes"))[0], 403);
  assert.equal((await eve.ask("/auth/users", { ...nobody, username: "mallory" }))[0], 403);

  assert.equal((await admin.ask("/auth/logout", {}))[0], 204);
  assert.equal((await admin.ask("/api/notes"))[0], 401);
}

const cacheFolder = temporaryFolder();
const env = { XDG_CACHE_HOME: cacheFolder.path, ADMIN_PASSWORD: "the password of this test" };

suite("the story of the README", () => {
  test("goes as it is told, on SQLite", async () => {
    await using running = await npmStart(env);
    await tellStory(running);
    running.signal("SIGINT");
    assert.equal((await running.ended).code, 0);
  });

  test("goes the same way on PostgreSQL", { skip: skipUnlessPostgres() }, async () => {
    await using server = await startPostgres();
    await using running = await npmStart({ ...env, DATABASE_URL: server.url });
    await tellStory(running);
    running.signal("SIGINT");
    assert.equal((await running.ended).code, 0);
  });

  const hasCurl = spawnSync("curl", ["--version"]).status === 0;
  const skip = hasCurl || process.env["CI"] ? false : "there is no curl here: apt-get install curl";

  test("is printed by curl as the README says", { skip }, async () => {
    const { ADMIN_PASSWORD: _, ...rest } = env;
    await using running = await npmStart(rest);
    const story = /^```sh\n(URL=.*?)^```\n\n```\n(.*?)^```.*?^```\n(webhook.*?)^```/ms.exec(README);
    const [, commands = "", answers = "", notifications = ""] = story ?? [];
    const script = commands
      .replace("http://127.0.0.1:8080", running.url)
      .replaceAll(/^(curl.*)$/gm, "$1; echo");
    const { stdout, stderr } = spawnSync("sh", ["-ec", script], { encoding: "utf8" });
    const printed = stdout.split("\n").filter((line) => line !== "");
    const expected = answers.trim().split("\n");
    assert.equal(printed.length, expected.length, stdout + stderr);
    for (const [i, line] of expected.entries()) assert.match(printed[i] ?? "", withGaps(line));
    for (const line of notifications.trim().split("\n"))
      await running.line((told) => withGaps(line).test(told));
  });
});

/** A line of which "…" stands for what differs from run to run. */
function withGaps(line: string): RegExp {
  return new RegExp(
    `^${line
      .split("…")
      .map((text) => RegExp.escape(text))
      .join('[^"]+')}$`,
  );
}
