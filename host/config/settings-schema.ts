import { z } from "zod";
import { parseDependency } from "./dependency.ts";
import { FINDING_RULES } from "./finding-rules.ts";
import { parseHostGrant } from "./host-grant.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
import { parseMailAddress, parseRecipientGrant } from "./mail-address.ts";
import { parseMailUrl } from "./mail-url.ts";
import { parseRedisUrl } from "./redis-url.ts";
import { LOG_LEVELS } from "./settings-options.ts";
import { parseByteSize, parseDurationMs } from "./quantity.ts";

const MAX_TIMER_MS = 2 ** 31 - 1;
const WASM_PAGE_BYTES = 2 ** 16;
const MAX_MEMORY_BYTES = 2 ** 32;
const MEGABYTE = 2 ** 20;
const MIN_HEAP_BYTES = 32 * MEGABYTE;

/** A text that `parse` makes something of, or a sentence that says why it cannot. */
function parsed<T>(parse: (text: string) => T | string) {
  return z.string().transform((written, context): T => {
    const value = parse(written);
    if (typeof value !== "string") return value;
    context.addIssue({ code: "custom", message: value });
    return z.NEVER;
  });
}

/** A quantity that a person may write as a number of its unit, or as a text such as "30s" or "100MB". */
function quantity(parse: (text: string) => number | undefined, example: string, min: number, max: number) {
  const range = z.number().int().min(min).max(max);
  const reason = `should be a number, or a text such as "${example}"`;
  return z.union([range, parsed<number>((text) => parse(text) ?? reason).pipe(range)]);
}

const byteSize = (min: number, max: number) => quantity(parseByteSize, "100MB", min, max);
const durationMs = () => quantity(parseDurationMs, "30s", 1, MAX_TIMER_MS);
const count = (min: number, max: number) => z.number().int().min(min).max(max);
const access = z.enum(["read", "write"]).describe('"write" includes "read".');

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
    fuel: z.enum(["sliced", "exact"]).meta({
      description: '"exact": the same input costs the same on every run. "sliced" is faster.',
      default: "sliced",
    }),
  })
  .partial();

const databaseGrant = z.union([
  z
    .string()
    .min(1)
    .transform((name) => ({ name, access: undefined })),
  z.strictObject({ name: z.string().min(1), access: access.optional() }),
]);

const hostGrant = z.union([
  parsed(parseHostGrant).transform((host) => ({ host, port: undefined, methods: undefined })),
  z.strictObject({
    host: parsed(parseHostGrant),
    port: count(1, 65_535).optional(),
    methods: z
      .array(z.string().regex(/^[A-Za-z]+$/))
      .min(1)
      .optional(),
  }),
]);

const folderGrant = z.strictObject({ path: z.string().min(1), access: access.optional() });

const sender = parsed((text) => {
  const address = parseMailAddress(text);
  return address === undefined ? 'should be an address, such as "tusk@example.com"' : { address };
}).transform(({ address }) => address);

const recipients = z.array(parsed(parseRecipientGrant).transform(({ address }) => address));

const mailGrant = z.union([recipients, z.strictObject({ to: recipients, from: sender.optional() })]);

const permissions = z
  .strictObject({
    cache: z.union([z.boolean(), z.string().regex(/^[a-z][a-z0-9-]*$/)]).meta({
      description:
        "Values kept for a while: true is a cache of its own, a name is one that all who name it share.",
      default: false,
    }),
    database: z.array(databaseGrant).meta({
      description: 'Databases, by name or URL, to write if nothing is said; "*" is all of them.',
      default: [],
    }),
    "http-client": z.array(hostGrant).meta({
      description: 'Hosts that may be asked: "api.example.com", "*.example.com:8443"; "*" is all of them.',
      default: [],
    }),
    filesystem: z.array(folderGrant).meta({
      description: "Folders, to read if nothing is said.",
      default: [],
    }),
    mail: mailGrant.describe(
      'To whom messages may go: "ada@example.com", "*@example.com"; "*" is everybody. Or that as "to" with another sender as "from".',
    ),
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

const trust = z.enum(["off", "warn", "require"]);

const sha256 = z.string().regex(/^[\da-fA-F]{64}$/, {
  error: "should be a SHA-256: 64 hexadecimal digits",
});

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
    healthCheckMs: quantity(parseDurationMs, "30s", 0, MAX_TIMER_MS).meta({
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
      description: "The mildest of its log lines that are kept.",
      default: "trace",
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

const trustedKey = z.strictObject({
  key: z
    .string()
    .min(1)
    .optional()
    .describe("A public key: OpenSSH, PEM, minisign, or raw in hexadecimal or base64."),
  file: z
    .string()
    .min(1)
    .optional()
    .describe("The file of a public key, in one of these forms or as raw bytes."),
  plugins: z
    .array(
      z.string().regex(/^[A-Za-z0-9_*-]{1,64}$/, {
        error: 'should be the name of a plugin, in which "*" stands for any characters',
      }),
    )
    .min(1)
    .describe('The plugins that it may sign: "api", "acme-*", "*".'),
});

const revoked = z
  .strictObject({
    keys: z.array(z.string().min(1)).meta({
      description: "Public keys whose signatures do not count any more, in any form that a key may have.",
      default: [],
    }),
    builds: z.array(sha256).meta({ description: "The SHA-256 of builds that are refused.", default: [] }),
    file: z
      .string()
      .min(1)
      .describe('A file with more of both: {"revocationVersion": 1, "keys": [], "builds": []}.'),
  })
  .partial();

const trustSettings = z
  .strictObject({
    default: trust.describe(
      'For plugins that say nothing; "warn" for a folder that only its owner can write to, otherwise "require".',
    ),
    keys: z.record(z.string().min(1).max(64), trustedKey).meta({
      description: "The keys whose signatures count, by a name for each.",
      default: {},
    }),
    lock: z.string().min(1).describe('The lock file that builds are held against; "tusk lock" writes it.'),
    revoked: revoked.describe("What is refused, whoever has signed it, and ended if it serves."),
    record: z.string().min(1).describe("Where it is kept which versions were trusted last."),
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

export type PluginSettingsInput = Constant<z.input<typeof pluginSettings>>;
export type HostSettingsInput = Constant<z.input<typeof host>> & {
  readonly plugins: Readonly<Record<string, PluginSettingsInput>>;
};

/** What a person may write: settings of the host, or a map from the names of plugins to their settings. */
export type SettingsInput = HostSettingsInput | Readonly<Record<string, PluginSettingsInput>>;

/** What is left of what a person wrote once it is checked: in the host's units, but not yet complete. */
export type WrittenPluginSettings = z.output<typeof pluginSettings>;
export type WrittenHostSettings = z.output<typeof host>;
