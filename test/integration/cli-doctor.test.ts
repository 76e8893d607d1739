import assert from "node:assert/strict";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { tusk } from "../kit/tusk.ts";

interface Report {
  readonly healthy: boolean;
  readonly findings: readonly { what: string; state: string; found: string; mend?: string }[];
}

suite("tusk doctor", () => {
  const folder = temporaryFolder();

  /** What it finds in a folder of these files. */
  async function examine(name: string, files: Record<string, string>, env: Record<string, string> = {}) {
    const cwd = join(folder.path, name);
    await mkdir(cwd, { recursive: true });
    for (const [path, text] of Object.entries(files)) await folder.write(`${name}/${path}`, text);
    const options = { cwd, env: { XDG_CACHE_HOME: join(folder.path, "caches"), ...env } };
    const { code, stdout } = await tusk(["doctor", "--json"], options);
    const { healthy, findings } = JSON.parse(stdout) as Report;
    assert.equal(code, healthy ? 0 : 1);
    return new Map(findings.map((finding) => [finding.what, finding]));
  }

  test("ends with 0 where all is well, and names what it found", async () => {
    await folder.write("well/api.wasm", await readFile(fixture("api")));
    const found = await examine("well", { "tusk.json": '{ "plugins": { "api": { "path": "api.wasm" } } }' });
    assert.deepEqual(
      ["Node with JSPI", "AssemblyScript", "Settings", "Plugin api", "Cache"].map(
        (what) => found.get(what)?.state,
      ),
      ["ok", "ok", "ok", "ok", "ok"],
    );
    assert.equal(found.get("AssemblyScript")?.found, "0.28.20");
    const { code, stdout } = await tusk(["doctor"], { cwd: join(folder.path, "well") });
    assert.equal(code, 0);
    assert.match(stdout, /^✔ Node with JSPI +v\d+/);
  });

  test("tells what is missing to build the plugin here, and how to get it", async () => {
    const found = await examine("rust", { "Cargo.toml": "" }, { PATH: folder.path });
    assert.deepEqual(found.get("Cargo")?.state, "wrong");
    assert.match(found.get("Cargo")?.mend ?? "", /rustup/);
    const elsewhere = await examine("no-rust", {}, { PATH: folder.path });
    assert.equal(elsewhere.get("Cargo")?.state, "absent", "nobody here needs it");
  });

  test("tells what is wrong with settings, and with the files that they name", async () => {
    const wrong = await examine("wrong", { "tusk.json": '{ "plugins": { "api": { "paht": "" } } }' });
    assert.match(wrong.get("Settings")?.found ?? "", /paht/);
    const missing = await examine("missing", {
      "tusk.json": '{ "plugins": { "api": { "path": "api.wasm" } } }',
    });
    assert.equal(missing.get("Plugin api")?.state, "wrong");
    assert.match(missing.get("Plugin api")?.mend ?? "", /tusk build/);
  });

  test("tells of a cache that others can write to", async () => {
    const cache = join(folder.path, "open/tusk-host/components");
    await mkdir(cache, { recursive: true });
    await chmod(cache, 0o777);
    const found = await examine("cached", {}, { XDG_CACHE_HOME: join(folder.path, "open") });
    assert.equal(found.get("Cache")?.state, "wrong");
    assert.match(found.get("Cache")?.mend ?? "", /chmod 700/);
  });

  test("looks for pg_dump where a database is PostgreSQL's", async () => {
    const settings = (url: string) => ({
      "tusk.json": JSON.stringify({ plugins: {}, databases: { main: url } }),
    });
    const found = await examine("postgres", settings("postgres://localhost/site"), { PATH: folder.path });
    assert.match(found.get("pg_dump")?.mend ?? "", /postgresql-client|libpq/);
    const without = await examine("sqlite", settings("sqlite::memory:"), { PATH: folder.path });
    assert.equal(without.get("pg_dump"), undefined);
  });
});
