import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, suite, test } from "node:test";
import { createHost, type Host, HostError, type PluginHandle } from "tusk-host";
import { recordingLog } from "tusk-host/testing";
import { parseSettings } from "../../host/config/parse-settings.ts";
import type { PluginSettings } from "../../host/config/settings.ts";
import { formatLogLine } from "../../host/services/logger/format-log-line.ts";
import { JsonLog } from "../../host/services/logger/json-log.ts";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { ADDRESS_ATTACKS } from "./attacks/addresses.ts";
import type { Attack, Language } from "./attacks/attack.ts";
import { LANGUAGE_ATTACKS } from "./attacks/languages.ts";
import { PATH_ATTACKS } from "./attacks/paths.ts";
import { SERVICE_ATTACKS } from "./attacks/services.ts";
import { SQL_ATTACKS } from "./attacks/sql.ts";
import { type Asking, keepAsking } from "./neighbour.ts";
import { type Servers, startServers } from "./servers.ts";

const ATTACKS = [SQL_ATTACKS, PATH_ATTACKS, ADDRESS_ATTACKS, SERVICE_ATTACKS, LANGUAGE_ATTACKS].flat();

const BUILDS = {
  assemblyscript: "hostile-as",
  rust: "hostile-rust",
  "rust-wasip2": "hostile-rust-wasip2",
} as const satisfies Record<Language, string>;

const LIMITS = { memoryBytes: "48MB", tableElements: 100_000 };
const DATABASES = {
  main: "sqlite::memory:",
  ledger: "sqlite:ledger.db",
  secret: "sqlite:secret.db",
  live: "sqlite:backups/live.db",
};

suite("plugins that mean harm, by language", () => {
  const folder = temporaryFolder();
  const log = recordingLog();
  let servers: Servers;
  let host: Host;
  let neighbour: PluginHandle;
  let asking: Asking | undefined;
  // What was opened before something failed is closed, too: it would keep the process.
  const opened = new AsyncDisposableStack();
  let untouched: string[];

  const inFolder = (name: string) => join(folder.path, name);
  const fileContents = () =>
    Promise.all(["secret.db", "ledger.db", "backups/live.db"].map((name) => readFile(inFolder(name), "hex")));

  before(async () => {
    servers = opened.use(await startServers());
    for (const name of ["backups/folder", "backups-2", "outside"]) {
      await mkdir(inFolder(name), { recursive: true });
    }
    for (const name of ["secret.db", "ledger.db", "backups/live.db"]) {
      using database = new DatabaseSync(inFolder(name));
      database.exec("CREATE TABLE entries (text); INSERT INTO entries VALUES ('precious')");
    }
    await symlink("../outside", inFolder("backups/link"));
    await symlink("../secret.db", inFolder("backups/link.db"));
    untouched = await fileContents();
    host = opened.use(await createHost({ log, settings: await settings({}), folder: null }));
    neighbour = host.plugin("neighbour");
    await neighbour.database.executeQuery("cache", ["key", "precious", null]);
    asking = keepAsking(neighbour);
  });

  after(async () => {
    const longestMs = (await asking?.stop()) ?? 0;
    await opened.disposeAsync();
    console.log(`    # the neighbour waited ${longestMs.toFixed(0)} ms at the longest`);
    assert.ok(longestMs < 5_000, `the neighbour waited for ${longestMs} ms`);
  });

  for (const attack of ATTACKS) {
    for (const language of attack.languages) {
      test(`${language}: ${attack.name}`, { skip: skipUnlessBuilt(BUILDS[language]) }, async () => {
        const end = await endOf(attack, language);
        const { ends } = attack;
        const expected =
          "answer" in ends
            ? [`answered ${JSON.stringify(ends.answer)}`]
            : "told" in ends
              ? [ends.told].flat().map((kind) => `told ${kind}`)
              : [ends.code].flat();
        assert.ok(expected.includes(end.how), `${end.how}: ${end.message}, and not ${expected.join(" or ")}`);
        assert.doesNotMatch(end.message, /[\p{Cc}\p{Bidi_C}\u2028\u2029]/u);
        assert.ok(end.message.length < 2_000, `a message of ${end.message.length} characters`);
      });
    }
  }

  test("no request came to the server that was not granted", () => assert.deepEqual(servers.heard, []));

  test("no file stands where none may be written, and none that may only be read has changed", async () => {
    for (const name of ["outside", "backups-2"]) assert.deepEqual(await readdir(inFolder(name)), []);
    const all = await readdir(folder.path, { recursive: true });
    assert.deepEqual(
      all.filter((name) => /escaped|owned|partial/.test(name)),
      ["backups/..\\..\\escaped.db"],
    );
    assert.deepEqual(await fileContents(), untouched);
  });

  test("every line of the log is one line, of whom it says that it is", () => {
    assert.ok(log.entries.length > 1_000);
    let json = "";
    const jsonLog = new JsonLog({ write: (line) => (json = line.slice(0, -1)) });
    for (const entry of log.entries) {
      jsonLog.write(entry);
      assert.ok(["attacker", "neighbour"].includes(entry.plugin));
      for (const line of [formatLogLine(entry), json]) {
        assert.doesNotMatch(line, /[\p{Cc}\p{Bidi_C}\u2028\u2029]/u);
        assert.ok(line.length < 150_000, `a line of ${line.length} characters`);
      }
      const parsed = JSON.parse(json) as Record<string, unknown>;
      assert.equal(parsed["plugin"], entry.plugin);
      assert.equal(parsed["source"], entry.source);
    }
    assert.deepEqual(
      log.entries.filter(({ plugin, level }) => plugin === "neighbour" && level === "error"),
      [],
    );
  });

  test("the host's own objects are as they were", () => {
    assert.deepEqual(Object.getOwnPropertyNames({}), []);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  /** Of this suite, where the attacker is granted what the attacks are about, and little of it. */
  function settings(config: { readonly atStart?: string }) {
    const attacker = {
      path: fixture("hostile-as"),
      enabled: false,
      limits: LIMITS,
      config: { a: "x", ...config },
      dependencies: ["neighbour"],
      permissions: {
        cache: true,
        database: [
          { name: "main" },
          ...["ledger", "live"].map((name) => ({ name, access: "read" as const })),
        ],
        filesystem: [{ path: "backups", access: "write" as const }],
        "http-client": ["*", { host: `127.0.0.1:${servers.grantedPort}`, methods: ["GET"] }],
      },
    };
    const peer = {
      path: fixture("conformance-as"),
      dependencies: ["nobody?"],
      permissions: {
        cache: true,
        database: ["main"],
        "http-client": ["neighbour.test"],
        mail: ["*@example.com"],
      },
    };
    return parseSettings(
      { plugins: { neighbour: peer, attacker }, databases: DATABASES },
      { baseFolder: folder.path },
    );
  }

  async function endOf(
    { query, params = [], ends, atStart }: Attack,
    language: Language,
  ): Promise<{ how: string; message: string }> {
    const file = fixture(BUILDS[language]);
    const { plugins } = await settings(atStart ? { atStart: query } : {});
    const given = plugins["attacker"] as PluginSettings;
    // Those who spin or wait need not do so for long; for the others the machine may be slow.
    const codes = "code" in ends ? [ends.code].flat() : [];
    const limits = {
      ...given.limits,
      timeoutMs: codes.includes("PLUGIN_TIMEOUT") ? 700 : 20_000,
      cpuMs: codes.includes("PLUGIN_CPU_LIMIT") ? 200 : 20_000,
    };
    try {
      const attacker = { ...given, path: file, enabled: true, limits };
      const plugin = await host.load(file, attacker);
      const answer = await plugin.database.executeQuery(query, withPorts(params));
      return { how: `answered ${JSON.stringify(answer)}`, message: "" };
    } catch (error) {
      if (!HostError.is(error)) throw error;
      const told = HostError.is(error, "PLUGIN_ERROR");
      return { how: told ? `told ${error.details.kind}` : error.code, message: error.message };
    } finally {
      if (host.plugins().some(({ name }) => name === "attacker")) await host.unload("attacker");
    }
  }

  function withPorts(params: readonly unknown[]): unknown[] {
    const { grantedPort, otherPort } = servers;
    const replaced = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(replaced);
      if (typeof value !== "string") return value;
      return value.replace("GRANTED", String(grantedPort)).replace("PORT", String(otherPort));
    };
    return params.map(replaced);
  }
});
