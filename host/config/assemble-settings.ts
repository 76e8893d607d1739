import { resolve } from "node:path";
import { completeHistory } from "./complete-history.ts";
import { completePlugin } from "./complete-plugin.ts";
import { completeTrust } from "./complete-trust.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { defaultWorkerSettings } from "./default-worker-settings.ts";
import { describeValue } from "./describe-value.ts";
import { FrozenSet } from "./frozen-set.ts";
import { isJsonObject, type JsonValue } from "./json-value.ts";
import type { Path } from "./path.ts";
import { readValue } from "./read-value.ts";
import type { Report } from "./report.ts";
import { MIN_SECRET_LENGTH } from "./scrub.ts";
import type {
  DatabaseSettings,
  GuardSettings,
  HttpSettings,
  LogSettings,
  Settings,
  WorkerSettings,
} from "./settings.ts";
import { SETTINGS_SCHEMA, type WrittenHostSettings } from "./settings-schema.ts";

type WrittenGuard = NonNullable<NonNullable<WrittenHostSettings["http"]>["guards"]>[number];

/** Where settings came from. */
interface SettingsOrigin {
  readonly file: string | undefined;
  /** Other files that were read or looked for. */
  readonly seen: Iterable<string>;
  readonly baseFolder: string | undefined;
  readonly secrets: ReadonlySet<string>;
  /** The folder of plugins, in place of what is written. */
  readonly folder: string | undefined;
}

/** Checks what was written and makes it complete. Problems go to `report`; if there are any, do not use the result. */
export function assembleSettings(value: JsonValue, origin: SettingsOrigin, report: Report): Settings {
  const baseFolder = origin.baseFolder === undefined ? undefined : resolve(origin.baseFolder);
  const toAbsolute = (path: string) => (baseFolder === undefined ? path : resolve(baseFolder, path));
  const { host, path } = readForm(value, report);
  const folder = toAbsolute(origin.folder ?? host.folder ?? "plugins");
  const plugins = Object.entries(host.plugins ?? {}).map(([name, written]) => {
    const around = { path: [...path, name], folder, toAbsolute, report };
    return [name, completePlugin(name, written, around)] as const;
  });
  const databases = completeDatabases(host.databases);
  for (const [name, { permissions }] of plugins) {
    for (const [i, grant] of permissions.database.entries()) {
      if (isDatabase(grant.name, databases)) continue;
      const known = Object.keys(databases);
      const message = `Names no database: the settings have ${known.join(", ")}, and it is no URL.${report.suggest(grant.name, known)}`;
      report.problem([...path, name, "permissions", "database", i], message);
    }
  }
  const secrets = [...origin.secrets].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return deepFreeze({
    plugins: Object.fromEntries(plugins),
    folder,
    databases,
    http: completeHttp(host),
    trust: completeTrust(host.trust, toAbsolute, report),
    inspection: { refuse: [...new Set(host.inspection?.refuse)] },
    mail: host.mail,
    cache: host.cache,
    workers: completeWorkers(host),
    history: completeHistory(host.history),
    log: completeLog(host, toAbsolute),
    cacheDir: host.cacheDir === undefined ? undefined : toAbsolute(host.cacheDir),
    file: origin.file,
    sources: [...(origin.file === undefined ? [] : [resolve(origin.file)]), ...origin.seen],
    baseFolder,
    secrets: new FrozenSet(secrets),
  });
}

/** Settings of the host, or a map of plugins alone; `path` is where the plugins are. */
function readForm(value: JsonValue, report: Report): { host: WrittenHostSettings; path: Path } {
  if (!isJsonObject(value)) {
    report.problem([], `Settings are an object, and this is ${describeValue(value)}.`);
    return { host: {}, path: [] };
  }
  if (Object.hasOwn(value, "plugins")) {
    return { host: readValue(SETTINGS_SCHEMA.host, value, [], report) ?? {}, path: ["plugins"] };
  }
  const members = Object.entries(value).filter(([name, member]) => !isOfHost(name, member, report));
  const plugins = readValue(SETTINGS_SCHEMA.plugins, Object.fromEntries(members), [], report);
  return { host: { plugins: plugins ?? {} }, path: [] };
}

/** Whether a member of a map of plugins is no plugin. */
function isOfHost(name: string, member: JsonValue, report: Report): boolean {
  if (name === "$schema") return true;
  // A plugin may well be called "http".
  const { host, pluginSettings } = SETTINGS_SCHEMA;
  if (!Object.hasOwn(host.shape, name) || pluginSettings.safeParse(member).success) return false;
  report.problem(
    [name],
    'Is a setting of the host, and stands beside a key "plugins" that holds the plugins.',
    true,
  );
  return true;
}

function completeDatabases(written: WrittenHostSettings["databases"] = {}): Record<string, DatabaseSettings> {
  return Object.keys(written).length === 0 ? { main: { url: "sqlite::memory:" } } : written;
}

/** A grant that names nothing would be a slip of the pen that nobody notices until the plugin is refused. */
function isDatabase(name: string, databases: Readonly<Record<string, DatabaseSettings>>): boolean {
  return name === "*" || name.includes(":") || Object.hasOwn(databases, name);
}

function completeHttp({ http = {} }: WrittenHostSettings): HttpSettings {
  const { host = "127.0.0.1", port = 8080, maxBodyBytes = 8 * 2 ** 20, adminPort, guards = [] } = http;
  return { host, port, maxBodyBytes, adminPort, guards: guards.map(completeGuard) };
}

function completeGuard({ path, methods, plugin, resource, action }: WrittenGuard): GuardSettings {
  return { path, methods: methods?.map((method) => method.toUpperCase()), plugin, resource, action };
}

function completeLog({ log = {} }: WrittenHostSettings, toAbsolute: (path: string) => string): LogSettings {
  const { level = "trace", file, format } = log;
  return { level, file: file === undefined ? undefined : toAbsolute(file), format };
}

function completeWorkers({ workers = {} }: WrittenHostSettings): WorkerSettings {
  const { threads, heapBytes } = defaultWorkerSettings();
  return { threads: workers.threads ?? threads, heapBytes: workers.heapBytes ?? heapBytes };
}
