import assert from "node:assert/strict";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { startTusk, tusk } from "../kit/tusk.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples/embed");

suite("the programs that embed the host", () => {
  const folder = temporaryFolder();

  test("have fewer than sixty lines each, and a test each", async (t) => {
    const files = await readdir(EXAMPLES);
    assert.deepEqual(files.toSorted(), ["build-site.ts", "fastify-app.ts", "query-command.ts"]);
    for (const file of files) {
      const lines = (await readFile(join(EXAMPLES, file), "utf8")).split("\n").length;
      t.diagnostic(`${file}: ${lines} lines`);
      assert.ok(lines < 60, file);
    }
  });

  test("a web application answers with what its plugins answer", async () => {
    await cp(fixture("api"), join(folder.path, "web/api.wasm"));
    await using app = startTusk([join(folder.path, "web"), "0"], { script: "examples/embed/fastify-app.ts" });
    const url = (await app.line((line) => line.startsWith("Listening on "))).slice("Listening on ".length);

    const listed = (await (await fetch(url)).json()) as { plugins: { name: string }[] };
    assert.deepEqual(
      listed.plugins.map(({ name }) => name),
      ["api"],
    );
    const answered = await fetch(`${url}/plugins/api/api/version`);
    assert.equal(answered.headers.get("content-type"), "application/json");
    assert.deepEqual(await answered.json(), { version: "1.0.0", name: "api" });
    const unknown = await fetch(`${url}/plugins/nobody/x`, { method: "POST", body: "x" });
    assert.deepEqual([unknown.status, await unknown.json()], [404, { code: "PLUGIN_UNKNOWN" }]);
    app.signal("SIGTERM");
    assert.equal((await app.ended).code, 0);
  });

  test("a command asks the database plugin that it is told to ask", async () => {
    await cp(fixture("postgres"), join(folder.path, "postgres.wasm"));
    const settings = await folder.write(
      "query.json",
      JSON.stringify({
        plugins: {
          postgres: {
            path: "postgres.wasm",
            config: { database: "main" },
            permissions: { database: ["main"] },
          },
        },
        databases: { main: "sqlite::memory:" },
      }),
    );
    const ask = (...args: string[]) =>
      tusk([settings, ...args], { script: "examples/embed/query-command.ts" });
    assert.equal((await ask()).stdout, "Ask one of: postgres\n");
    assert.match((await ask("postgres", "SELECT ? AS word", "tusk")).stdout, /word[^]*'tusk'/);
    const wrong = await ask("postgress", "SELECT 1");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /postgress.*Did you mean "postgres"\?/);
  });

  test("a build tool writes the pages of its plugins, whatever becomes of one of them", async () => {
    await cp(fixture("api"), join(folder.path, "pages/api.wasm"));
    await folder.write("pages/broken.wasm", "not a component");
    const site = join(folder.path, "site");
    const built = await tusk([join(folder.path, "pages"), site], { script: "examples/embed/build-site.ts" });
    assert.deepEqual([built.code, built.stdout], [0, "2 pages written, 0 failed\n"], built.stderr);
    const page = await readFile(join(site, "api/version/index.html"), "utf8");
    assert.deepEqual(JSON.parse(page), { version: "1.0.0", name: "api" });
  });
});
