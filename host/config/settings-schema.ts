import { z } from "zod";
import { parseDependency } from "./dependency.ts";
import { FINDING_RULES } from "./finding-rules.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
import { parseMailUrl } from "./mail-url.ts";
import { parseRedisUrl } from "./redis-url.ts";
import { LOG_LEVELS } from "./settings-options.ts";
import { permissions, sender } from "./permissions-schema.ts";
import {
  byteSize,
  count,
  durationMs,
  MAX_MEMORY_BYTES,
  MAX_TIMER_MS,
  MEGABYTE,
  parsed,
  WASM_PAGE_BYTES,
} from "./setting-types.ts";
import { sha256, trust, trustSettings } from "./trust-schema.ts";

const MIN_HEAP_BYTES = 32 * MEGABYTE;

const limits = z
  .strictObject({
    timeoutMs: durationMs().meta({
      description: 'How long a call may take, waiting included: milliseconds, or a text such as "30s".',
      default: 30_000,
    }),
    shutdownMs: durationMs().meta({
      description:
        'How long the plugin may take to shut down once its calls have ended: milliseconds, or a text such as "10s".',
      default: 10_000,
    }),
    cpuMs: durationMs().describe("How long the plugin's own work in a call may take; timeoutMs by default."),
    memoryBytes: byteSize(WASM_PAGE_BYTES, MAX_MEMORY_BYTES).meta({
      description: 'Memory of each instance: bytes, or a text such as "100MB".',
      default: "100MB",
    }),
    totalMemoryBytes: byteSize(WASM_PAGE_BYTES, Number.MAX_SAFE_INTEGER).describe(
      "Memory of all instances together; instances × memoryBytes by default.",
    ),
    tableElements: count(0, 10_000_000).meta({ description: "Elements of each table.", default: 100_000 }),
    queueLength: count(0, 1_000_000).meta({
      description: "How many calls may wait for an instance.",
      default: 100,
    }),
    streamBytes: byteSize(0, Number.MAX_SAFE_INTEGER).describe(
      'For either body of a request that is answered as a stream: bytes, or a text such as "2GB". No limit by default.',
    ),
    fuel: z.enum(["sliced", "exact"]).meta({
      description: '"exact": the same input costs the same on every run. "sliced" is faster.',
      default: "sliced",
    }),
  })
  .partial();

const sandbox = z
  .strictObject({
    allow_network: z.boolean().describe('true is "http-client": ["*"] in permissions.'),
    allow_file_system: z.boolean().describe("true is every folder, to write, in permissions."),
    allow_database: z.boolean().describe('true is "database": ["*"] in permissions.'),
    max_memory_mb: count(1, MAX_MEMORY_BYTES / MEGABYTE).describe("memoryBytes in limits, in megabytes."),
    max_execution_time_sec: count(1, Math.floor(MAX_TIMER_MS / 1000)).describe(
      "timeoutMs in limits, in seconds.",
    ),
  })
  .partial();

const pluginSettings = z
  .strictObject({
    enabled: z.boolean().meta({ default: true }),
    config: z
      .custom<JsonObject>((value) => isJsonObject(value as JsonValue), { error: "should be an object" })
      .meta({ type: "object", description: "What the plugin is initialised with.", default: {} }),
    dependencies: z.array(parsed(parseDependency)).meta({
      description:
        'Plugins that must be there first: "name", "name@^1", "name?" (can do without it), "name@^1?".',
      default: [],
    }),
    load_order: count(0, 2 ** 32 - 1).describe(
      "Of the plugins that could be loaded next the lowest is; last by default.",
    ),
    path: z.string().min(1).describe("The plugin's file; NAME.wasm in the folder of plugins by default."),
    permissions: permissions.describe("What the plugin is granted; nothing by default."),
    limits: limits.describe("What the plugin may use up."),
    sandbox: sandbox.describe("Permissions and limits by the names of TuskLang's SandboxConfig."),
    instances: count(1, 1024).meta({ description: "How many calls it can work on at once.", default: 1 }),
    healthCheckMs: durationMs(0).meta({
      description:
        'How often its health is checked while it serves, if it exports that: milliseconds, or a text such as "30s". 0: only when it starts.',
      default: 30_000,
    }),
    placement: z.enum(["inline", "worker"]).meta({
      description: "Whether it runs in the host's own thread or in another.",
      default: "inline",
    }),
    mount: z
      .string()
      .regex(/^(\/|(\/[A-Za-z0-9._~-]+)+)$/, { error: 'should be a path such as "/shop"' })
      .transform((path) => (path === "/" ? "" : path))
      .meta({ description: "Below which path its routes are served.", default: "/" }),
    logLevel: z.enum(LOG_LEVELS).meta({
      description: 'The mildest of its log lines that are kept; "log.level" by default.',
    }),
    trust: trust.describe(
      'What to do with a build that nobody trusted has signed; "trust.default" by default.',
    ),
    sha256: sha256.describe("The SHA-256 of the one build that may be loaded, signed or not."),
    secret: z.array(z.string().min(1)).meta({
      description: "Paths into config, joined by dots, whose values are secret.",
      default: [],
    }),
  })
  .partial()
  .meta({ id: "PluginSettings" });

const pluginName = z.string().regex(/^(?!plugins$)[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
  error: 'should be a name of letters, digits, - and _ that starts with a letter, and not "plugins"',
});
const plugins = z.record(pluginName, pluginSettings).describe("Settings by the name of the plugin.");

const database = z.union([
  z
    .string()
    .min(1)
    .transform((url) => ({ url })),
  z.strictObject({ url: z.string().min(1) }),
]);

const guard = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^?#]*$/, { error: 'should be a path, such as "/notes" or "/notes/*"' })
    .describe('"/notes" is that path alone, "/notes/*" it and everything below it.'),
  methods: z
    .array(z.string().regex(/^[A-Za-z-]+$/))
    .min(1)
    .optional()
    .describe("Any method by default."),
  plugin: z.string().min(1).describe("The auth plugin that knows the users."),
  resource: z.string().min(1).optional().describe("What a user has to be allowed, beside being signed in."),
  action: z.string().min(1).optional().describe('"read" for GET and HEAD by default, otherwise "write".'),
});

const http = z
  .strictObject({
    host: z.string().min(1).meta({ default: "127.0.0.1" }),
    port: count(0, 65_535).meta({ description: "0: any free one.", default: 8080 }),
    maxBodyBytes: byteSize(0, MAX_MEMORY_BYTES).meta({ description: "Of a request.", default: "8MB" }),
    adminPort: count(0, 65_535).describe(
      "Where /health, /ready and /metrics are served, to this machine alone; nowhere by default. 0: any free one.",
    ),
    guards: z.array(guard).meta({ description: "Which requests only some users may send.", default: [] }),
  })
  .partial();

const inspection = z
  .strictObject({
    refuse: z.array(z.enum(FINDING_RULES)).meta({
      description: 'What no plugin may have: rules of "tusk scan".',
      default: [],
    }),
  })
  .partial();

const mail = z.strictObject({
  url: parsed(parseMailUrl)
    .transform(({ url }) => url)
    .describe('The mail server: "smtp://user:password@mail.example.com:587".'),
  from: sender.describe("The sender of every message, unless a plugin's permission names another."),
});

const cache = z.strictObject({
  url: parsed(parseRedisUrl)
    .transform(({ url }) => url)
    .describe('The Redis server: "redis://user:password@cache.example.com:6379/0".'),
});

const workers = z
  .strictObject({
    threads: count(1, 1024).describe("The most there may be; one for each core by default."),
    heapBytes: byteSize(MIN_HEAP_BYTES, MAX_MEMORY_BYTES).meta({
      description: "Memory of JavaScript in each; that of plugins does not count.",
      default: "512MB",
    }),
  })
  .partial();

const history = z
  .strictObject({
    builds: count(1, 100).meta({
      description: "How many are kept for each plugin, beside the one that serves.",
      default: 3,
    }),
    maxBytes: byteSize(0, Number.MAX_SAFE_INTEGER).meta({
      description: "Of all plugins together; those that served longest ago go first.",
      default: "256MB",
    }),
  })
  .partial();

const log = z
  .strictObject({
    level: z.enum(LOG_LEVELS).meta({
      description: "The mildest that is kept, of the host and of plugins that say nothing of theirs.",
      default: "trace",
    }),
    file: z
      .string()
      .min(1)
      .describe("Where lines go in place of the standard output. SIGHUP has it opened anew."),
    format: z
      .enum(["json", "text"])
      .describe('"json", an object a line, or "text", for a person. By default "json" in a file.'),
  })
  .partial();

const host = z
  .strictObject({
    $schema: z.string(),
    plugins,
    folder: z.string().min(1).meta({
      description: "Where NAME.wasm is looked for when a plugin has no path, and watched for new files.",
      default: "plugins",
    }),
    databases: z.record(z.string().min(1), database).meta({
      description: 'A URL for each name: "sqlite::memory:", "sqlite:FILE", "postgres://…".',
      default: { main: "sqlite::memory:" },
    }),
    http,
    trust: trustSettings.describe("Whose builds are trusted."),
    inspection: inspection.describe("What is refused although it could be run."),
    mail: mail.describe("Where messages of plugins go."),
    cache: cache.describe("Where the values of plugins are kept, if not in memory."),
    workers: workers.describe('The threads of plugins with the placement "worker".'),
    log: log.describe("What is logged, and where."),
    history: history.describe("Builds that are kept for a rollback, in cacheDir."),
    cacheDir: z
      .string()
      .min(1)
      .describe("Where compiled plugins are kept between runs, and builds for a rollback."),
  })
  .partial();

/**
 * What a person may write, piece by piece: the checks, the types of input and the JSON Schema come from here.
 *
 * Settings are a `host`, or, where there is no key `plugins`, `plugins` alone with a `$schema` beside them if
 * need be: the form that TuskLang's PluginConfig has.
 */
export const SETTINGS_SCHEMA = { host, plugins, pluginSettings } as const;

/** The same for who may not change it: settings can be written down as constants. */
type Constant<T> = T extends object
  ? [T, JsonObject] extends [JsonObject, T]
    ? T
    : { readonly [K in keyof T]: Constant<T[K]> }
  : T;

/** What a person may write of one plugin. */
export type PluginSettingsInput = Constant<z.input<typeof pluginSettings>>;
/** What a person may write of the host, and of its plugins by their names. */
export type HostSettingsInput = Constant<z.input<typeof host>> & {
  readonly plugins: Readonly<Record<string, PluginSettingsInput>>;
};

/** What a person may write: settings of the host, or a map from the names of plugins to their settings. */
export type SettingsInput = HostSettingsInput | Readonly<Record<string, PluginSettingsInput>>;

/** What is left of what a person wrote once it is checked: in the host's units, but not yet complete. */
export type WrittenPluginSettings = z.output<typeof pluginSettings>;
export type WrittenHostSettings = z.output<typeof host>;
