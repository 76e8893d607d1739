import assert from "node:assert/strict";
import { resolve } from "node:path";
import { HostError, messageOf } from "../core/error.ts";
import type { Capabilities } from "../component/contract/exports.ts";
import { parseSettings } from "../config/parse-settings.ts";
import type { PluginSettingsInput } from "../config/settings-schema.ts";
import { createHost } from "../plugin/host.ts";
import type { PluginHandle } from "../plugin/plugin-handle.ts";
import type { LogEntry } from "../services/logger/log-entry.ts";
import { recordingLog } from "./recording-log.ts";

/** What a plugin is tested with. */
export interface TestOptions {
  /** The plugin's own settings. By default those of the original's test context. */
  readonly config?: PluginSettingsInput["config"];
  /** What it is granted. By default a cache, and an empty SQLite database in memory named "main". */
  readonly permissions?: PluginSettingsInput["permissions"];
}

/** One thing that was looked at. */
export interface Check {
  /** A fact about the plugin: "answers SELECT 1 AS test". */
  readonly name: string;
  /** Why it is not so; missing if it is. */
  readonly failure?: HostError | Error | undefined;
}

/** What came of testing a plugin. */
export interface TestReport {
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** What the plugin logged meanwhile. */
  readonly log: readonly LogEntry[];
}

/** As the original's test context has it, over the database that the host provides. */
const TEST_CONFIG = { test_mode: true, database: { url: "sqlite::memory:" } };

type Verify = (plugin: PluginHandle) => Promise<void>;

/** What is looked at in each capability that the plugin has. */
const CHECKS: { readonly [Capability in keyof Capabilities]: Readonly<Record<string, Verify>> } = {
  database: {
    "answers SELECT 1 AS test": async (plugin) => {
      assert.deepEqual(await plugin.database.executeQuery("SELECT 1 AS test", []), [{ test: 1 }]);
    },
    "creates a table, which is then there": async (plugin) => {
      await plugin.database.createTable("test_table", "CREATE TABLE test_table (id INTEGER PRIMARY KEY)");
      assert.deepEqual(await plugin.database.executeQuery("SELECT * FROM test_table", []), []);
    },
  },
  http: {
    "has routes": async (plugin) => {
      assert.notDeepEqual(await plugin.http.registerRoutes(), []);
    },
    "answers GET /test with 200 or 404": async (plugin) => {
      const { status } = await plugin.http.handleRequest({ method: "GET", path: "/test" });
      assert.ok(status === 200 || status === 404, `it answered with ${status}`);
    },
  },
  middleware: {
    "lets a request through, or answers it": async (plugin) => {
      const decision = await plugin.middleware.before({ method: "GET", path: "/test" });
      assert.ok(decision.tag === "next" || decision.val.status >= 200);
    },
  },
  auth: {
    "says whether a password is right": async (plugin) => {
      const val = { username: "test_user", password: "test_password" };
      const { tag } = await plugin.auth.authenticate({ tag: "password", val });
      assert.ok(tag === "success" || tag === "failure");
    },
    "takes no token that it did not give": async (plugin) => {
      assert.equal((await plugin.auth.authenticate({ tag: "token", val: "not-a-token" })).tag, "failure");
    },
  },
  notification: {
    "supports a channel": async (plugin) => {
      assert.notDeepEqual(await plugin.notification.supportedChannels(), []);
    },
    "says whether its service can be reached": async (plugin) => {
      assert.equal(typeof (await plugin.notification.testConnection()), "boolean");
    },
  },
};

/**
 * Runs a plugin through its life: it is loaded and initialised, every capability that it has is tried, and it
 * is shut down. The limits are those of production.
 *
 * @param file A built component.
 */
export async function testPlugin(file: string, options: TestOptions = {}): Promise<TestReport> {
  const log = recordingLog();
  const checks: Check[] = [];
  const verify = async (name: string, check: () => Promise<unknown>) => {
    checks.push({ name, failure: await failureOf(check) });
    return checks.at(-1)?.failure === undefined;
  };
  const { config = TEST_CONFIG, permissions = { cache: true, database: ["main"] } } = options;
  const settings = await parseSettings({
    // Whoever tests a plugin has just built it.
    plugins: { plugin: { path: resolve(file), config, permissions, trust: "off" } },
    databases: { main: "sqlite::memory:" },
  });
  const host = await createHost({ log });
  const serves = await verify("is loaded and initialised", () => host.load(file, settings.plugins["plugin"]));
  if (serves) {
    const plugin = host.plugin("plugin");
    for (const [capability, its] of Object.entries(CHECKS)) {
      if (!plugin.has(capability as keyof Capabilities)) continue;
      for (const [name, check] of Object.entries(its)) await verify(name, () => check(plugin));
    }
    await verify("shuts down", () => shutDown(host));
  }
  await host.shutdown();
  return { passed: checks.every(({ failure }) => failure === undefined), checks, log: log.entries };
}

/** Ends the plugin, and throws what it had to say against it. */
async function shutDown(host: Awaited<ReturnType<typeof createHost>>): Promise<void> {
  const events = host.events();
  await host.unload("plugin");
  for await (const event of events) {
    if (event.type !== "stopped") continue;
    if (event.error) throw event.error;
    return;
  }
}

async function failureOf(check: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
