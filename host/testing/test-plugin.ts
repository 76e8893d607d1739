import { basename, resolve } from "node:path";
import { messageOf } from "../core/error.ts";
import type { HttpResponseInit } from "../component/contract/data.ts";
import { parseSettings } from "../config/parse-settings.ts";
import type { PluginSettingsInput } from "../config/settings-schema.ts";
import type { Settings } from "../config/settings.ts";
import type { MailTransport } from "../services/mail/mail-transport.ts";
import { CAPABILITY_CHECKS } from "./checks/capabilities.ts";
import { HARDSHIP_CHECKS } from "./checks/hardships.ts";
import { LIFECYCLE_CHECKS } from "./checks/lifecycle.ts";
import { recordingLog } from "./recording-log.ts";
import { RecordingMail } from "./recording-mail.ts";
import { type FakeServer, Subject, type SubjectOptions } from "./subject.ts";
import { TEST_DATABASES, TEST_DEFAULTS } from "./test-defaults.ts";
import type { Check, TestReport } from "./test-report.ts";

/** What a plugin is tested with. */
export interface TestOptions {
  /** The plugin's own settings. By default those of the original's test context. */
  readonly config?: PluginSettingsInput["config"];
  /** What it is granted. By default a cache, and an empty SQLite database in memory named "main". */
  readonly permissions?: PluginSettingsInput["permissions"];
  /** By default those of production. */
  readonly limits?: PluginSettingsInput["limits"];
  /** Answers the requests that it sends, in place of other servers: by default with 200 and `{}`. */
  readonly server?: FakeServer;
  /** Takes what it mails, in place of a mail server: by default a `RecordingMail`. */
  readonly mail?: MailTransport;
}

/** What stands in for what is not there in a test. */
type StandIns = Pick<TestOptions, "server" | "mail">;

const CHECKS = [...LIFECYCLE_CHECKS, ...CAPABILITY_CHECKS, ...HARDSHIP_CHECKS];

/**
 * Tests a plugin without knowing what it is for: runs it through its life, tries every capability that it has,
 * and makes its life hard. Each check has an instance of its own, under the limits of production.
 *
 * @param file A built component.
 * @param options Also what stands for the plugin in a file of settings.
 */
export async function testPlugin(file: string, options: TestOptions = {}): Promise<TestReport> {
  const name = basename(file, ".wasm");
  const { config = TEST_DEFAULTS.config, permissions = TEST_DEFAULTS.permissions, limits } = options;
  const { trust } = TEST_DEFAULTS;
  const plugin = { path: resolve(file), config, permissions, trust, ...(limits && { limits }) };
  const settings = await parseSettings({
    plugins: { plugin },
    databases: TEST_DATABASES,
  });
  return testWithSettings(name, settings, "plugin", options);
}

/** The same, with the settings that a host has: those of the plugin `key` in them. */
export async function testWithSettings(
  name: string,
  settings: Settings,
  key: string,
  { server = () => EMPTY, mail = new RecordingMail() }: StandIns = {},
): Promise<TestReport> {
  const log = recordingLog();
  const checks: Check[] = [];
  const look = async <T>(fact: string, run: () => Promise<T>): Promise<T | undefined> => {
    const start = performance.now();
    const outcome = await run().then(
      (value) => ({ value, failure: undefined }),
      (thrown: unknown) => ({ value: undefined, failure: asError(thrown) }),
    );
    checks.push({ name: fact, durationMs: performance.now() - start, failure: outcome.failure });
    return outcome.value;
  };
  const subject = await look("is loaded and initialised", () => begin(settings, key, { log, server, mail }));
  await using _ = subject;
  for (const check of subject ? CHECKS : []) {
    const { name: fact, capability } = check;
    if (!subject || (capability !== undefined && !subject.exports.includes(capability))) continue;
    await look(fact, () => check.run(subject));
  }
  return {
    plugin: name,
    passed: checks.every(({ failure }) => failure === undefined),
    checks,
    log: log.entries,
  };
}

const EMPTY: HttpResponseInit = { status: 200, body: "{}" };

async function begin(
  settings: Settings,
  key: string,
  standIns: Pick<SubjectOptions, "log" | "server" | "mail">,
): Promise<Subject> {
  const plugin = settings.plugins[key];
  if (!plugin) throw new Error(`There are no settings for ${key}.`);
  const subject = await Subject.open({ settings, plugin, ...standIns });
  try {
    (await subject.started())[Symbol.dispose]();
    return subject;
  } catch (error) {
    await subject[Symbol.asyncDispose]();
    throw error;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
