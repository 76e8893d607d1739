import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { createHost, type Host, HostError, parseSettings, type PluginHandle } from "tusk-host";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { type Permission, PERMISSIONS } from "../../host/security/permissions.ts";
import { fixture } from "../kit/fixtures.ts";
import { type SmtpSink, smtpSink } from "../kit/smtp-sink.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

type Use = (plugin: PluginHandle) => Promise<unknown>;

/** How a permission is tried, on a plugin that asks for everything. */
interface Trial {
  /** What works with the grant. */
  readonly inside: Use;
  /** What is denied in spite of it; nothing where the grant has no scope. */
  readonly outside?: Use;
}

const NAMES = Object.keys(PERMISSIONS) as Permission[];

suite("a permission", () => {
  const folder = temporaryFolder();
  const server = createServer((_request, response) => void response.end("hello"));
  let mailbox: SmtpSink;
  let host: Host;

  const query =
    (text: string, ...params: unknown[]): Use =>
    (plugin) =>
      plugin.database.executeQuery(text, params);
  const get =
    (hostname: string): Use =>
    (plugin) =>
      query("fetch", "GET", `http://${hostname}:${(server.address() as AddressInfo).port}/`, "")(plugin);
  const backupTo =
    (name: string): Use =>
    (plugin) =>
      plugin.database.backupDatabase(join(folder.path, name, `${plugin.name}.db`));
  const echoOf = (peer: string) => query("peers", peer, "database-plugin", "execute-query", ["echo", [1]]);

  // A permission without a trial does not compile.
  const trials: Record<Permission, Trial> = {
    cache: { inside: query("cache", "key", 1, null) },
    // The plugin opens the database that its settings name.
    database: {
      inside: query("sql", "SELECT 1 AS x", []),
      outside: () => query("sql", "SELECT 1 AS x", [])(host.plugin("strayed")),
    },
    "http-client": { inside: get("127.0.0.1"), outside: get("localhost") },
    mail: {
      inside: query("mail", ["ada@example.com"], "Hello", "It works.", null),
      outside: query("mail", ["eve@example.org"], "Hello", "It works.", null),
    },
    peers: { inside: echoOf("peer"), outside: echoOf("stranger") },
    filesystem: { inside: backupTo("backups"), outside: backupTo("elsewhere") },
  };

  before(async () => {
    mailbox = await smtpSink();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    for (const name of ["backups", "elsewhere"]) await mkdir(join(folder.path, name));
    const lacking = NAMES.map((name) => [`no-${name}`, allBut(name)] as const);
    const settings = {
      plugins: {
        // A plugin that may call nobody: that nobody is there does not keep it from starting.
        peer: { ...allBut(), dependencies: ["nobody?"] },
        stranger: { ...allBut(), dependencies: ["nobody?"] },
        granted: allBut(),
        strayed: { ...allBut(), config: { database: "other" } },
        ...Object.fromEntries(lacking),
      },
      databases: { main: "sqlite::memory:", other: "sqlite::memory:" },
      mail: { url: mailbox.url, from: "tusk@example.com" },
    };
    host = await createHost({
      settings: await parseSettings(settings, { baseFolder: folder.path }),
      folder: null,
    });
  });
  after(async () => {
    await host?.shutdown();
    await mailbox?.[Symbol.asyncDispose]();
    server.close();
    server.closeAllConnections();
  });

  for (const name of NAMES) {
    const { inside, outside } = trials[name];

    test(`${name} works when it is granted`, async () => {
      await inside(host.plugin("granted"));
    });

    if (PERMISSIONS[name].refusedAt === "load") {
      test(`${name} is missed before anything of the plugin runs`, async () => {
        const { state, info, problem } = host.plugin(`no-${name}`).status();
        assert.deepEqual([state, info, problem?.code], ["failed", undefined, "PERMISSION_MISSING"]);
        assert.match(problem?.message ?? "", new RegExp(`not granted: ${name}\\. `));
        await assert.rejects(inside(host.plugin(`no-${name}`)), isCode("PLUGIN_NOT_SERVING"));
      });
    } else {
      test(`${name} is denied to a plugin that asks for it without`, async () => {
        await assert.rejects(inside(host.plugin(`no-${name}`)), isDenied);
      });
    }

    if (outside) {
      test(`${name} that is granted is denied beyond its scope`, async () => {
        await assert.rejects(outside(host.plugin("granted")), isDenied);
      });
    }
  }

  /** Settings that grant everything there is, but for one. */
  function allBut(missing?: Permission): PluginSettingsInput {
    const grants = {
      cache: true,
      database: ["main"],
      "http-client": ["127.0.0.1"],
      mail: ["*@example.com"],
      filesystem: [{ path: "backups", access: "write" as const }],
    };
    const granted = Object.entries(grants).filter(([name]) => name !== missing);
    return {
      path: fixture("conformance-as"),
      config: { database: "main" },
      permissions: Object.fromEntries(granted),
      dependencies: missing === "peers" ? [] : ["peer"],
    };
  }
});

function isDenied(error: unknown): boolean {
  return HostError.is(error, "PLUGIN_ERROR") && error.details.kind === "denied";
}

function isCode(code: string) {
  return (error: unknown) => error instanceof HostError && error.code === code;
}
