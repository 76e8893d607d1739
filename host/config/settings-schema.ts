import { z } from "zod";
import { parseDependency } from "./dependency.ts";
import { parseHostGrant } from "./host-grant.ts";
import { parseByteSize, parseDurationMs } from "./quantity.ts";

const MAX_TIMER_MS = 2 ** 31 - 1;
const WASM_PAGE_BYTES = 2 ** 16;
const MAX_MEMORY_BYTES = 2 ** 32;

/** A quantity that a person may write as a number of the unit, or as a text such as "30s" or "100MB". */
function quantity(parse: (text: string) => number | undefined, example: string, min: number, max: number) {
  const range = z.number().int().min(min).max(max);
  const text = z.string().transform((written, context) => {
    const parsed = parse(written);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: `should be a number, or a text such as "${example}"` });
    return z.NEVER;
  });
  return z.union([range, text.pipe(range)]);
}

const byteSize = (min: number, max: number) => quantity(parseByteSize, "100MB", min, max);
const durationMs = () => quantity(parseDurationMs, "30s", 1, MAX_TIMER_MS);
const access = z.enum(["read", "write"]).describe('"write" includes "read".');

const limits = z
  .strictObject({
    timeoutMs: durationMs().meta({
      description: 'How long a call may take, waiting included: milliseconds, or a text such as "30s".',
      default: 30_000,
    }),
    cpuMs: durationMs().describe("How long the plugin's own work in a call may take; timeoutMs by default."),
    memoryBytes: byteSize(WASM_PAGE_BYTES, MAX_MEMORY_BYTES).meta({
      description: 'Memory of each instance: bytes, or a text such as "100MB".',
      default: "100MB",
    }),
    totalMemoryBytes: byteSize(WASM_PAGE_BYTES, Number.MAX_SAFE_INTEGER).describe(
      "Memory of all instances together; instances × memoryBytes by default.",
    ),
    tableElements: z
      .number()
      .int()
      .min(0)
      .max(10_000_000)
      .meta({ description: "Elements of each table.", default: 100_000 }),
    queueLength: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .meta({ description: "How many calls may wait for an instance.", default: 100 }),
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
    .transform((name) => ({ name, access: "write" as const })),
  z.strictObject({ name: z.string().min(1), access: access.default("write") }),
]);

const hostGrant = z.union([
  z.string().transform((written, context) => {
    const grant = parseHostGrant(written);
    if (typeof grant !== "string") return { ...grant, methods: undefined };
    context.addIssue({ code: "custom", message: grant });
    return z.NEVER;
  }),
  z
    .strictObject({
      host: z.string(),
      port: z.number().int().min(1).max(65_535).optional(),
      methods: z
        .array(z.string().regex(/^[A-Za-z]+$/))
        .min(1)
        .optional(),
    })
    .transform((written, context) => {
      const grant = parseHostGrant(written.host);
      const methods = written.methods?.map((method) => method.toUpperCase());
      if (typeof grant !== "string" && (grant.port === undefined || written.port === undefined)) {
        return { host: grant.host, port: written.port ?? grant.port, methods };
      }
      const message = typeof grant === "string" ? grant : "has a port already: write it once";
      context.addIssue({ code: "custom", path: ["host"], message });
      return z.NEVER;
    }),
]);

const permissions = z
  .strictObject({
    cache: z.boolean().meta({ description: "Values kept for a while.", default: false }),
    database: z
      .array(databaseGrant)
      .meta({ description: 'Databases, by name or URL; "*" is all of them.', default: [] }),
    "http-client": z.array(hostGrant).meta({
      description: 'Hosts that may be asked: "api.example.com", "*.example.com:8443".',
      default: [],
    }),
    filesystem: z
      .array(z.strictObject({ path: z.string().min(1), access: access.default("read") }))
      .meta({ description: "Folders.", default: [] }),
  })
  .partial();

const sandbox = z
  .strictObject({
    allow_network: z.boolean().describe("true: every host. The same as permissions http-client."),
    allow_file_system: z
      .boolean()
      .describe("true: every folder, to write. The same as permissions filesystem."),
    allow_database: z.boolean().describe("true: every database, to write. The same as permissions database."),
    max_memory_mb: z
      .number()
      .int()
      .min(1)
      .max(MAX_MEMORY_BYTES / 2 ** 20)
      .describe("The same as limits memoryBytes, in megabytes."),
    max_execution_time_sec: z
      .number()
      .int()
      .min(1)
      .max(Math.floor(MAX_TIMER_MS / 1000))
      .describe("The same as limits timeoutMs, in seconds."),
  })
  .partial();

const dependency = z.string().transform((written, context) => {
  const parsed = parseDependency(written);
  if (typeof parsed !== "string") return parsed;
  context.addIssue({ code: "custom", message: parsed });
  return z.NEVER;
});

const pluginSettings = z
  .strictObject({
    enabled: z.boolean().meta({ default: true }),
    config: z
      .record(z.string(), z.json())
      .meta({ description: "What the plugin is initialised with: any JSON object.", default: {} }),
    dependencies: z.array(dependency).meta({
      description:
        'Plugins that must be there first: "name", "name@^1", "name?" (can do without), "name@^1?".',
      default: [],
    }),
    load_order: z
      .number()
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .describe("Among plugins that could be loaded next, the lowest is; last by default."),
    path: z.string().min(1).describe("The plugin's file; NAME.wasm in the folder of plugins by default."),
    permissions: permissions.meta({ description: "What the plugin is granted; nothing by default." }),
    limits: limits.meta({ description: "What the plugin may use up." }),
    sandbox: sandbox.meta({
      description: "Permissions and limits by the names of TuskLang's SandboxConfig.",
    }),
    instances: z
      .number()
      .int()
      .min(1)
      .max(1024)
      .meta({ description: "How many calls it can work on at once.", default: 1 }),
    placement: z.enum(["inline", "worker"]).meta({ description: "Where it runs.", default: "inline" }),
    trust: z
      .enum(["off", "warn", "require"])
      .describe("What to do with a build that nobody trusted has signed."),
    secret: z
      .array(z.string().min(1))
      .meta({ description: "Paths into config, joined by dots, whose values are secret.", default: [] }),
  })
  .partial()
  .meta({ id: "PluginSettings" });

const database = z.union([
  z
    .string()
    .min(1)
    .transform((url) => ({ url })),
  z.strictObject({ url: z.string().min(1) }),
]);

const http = z
  .strictObject({
    host: z.string().min(1).meta({ default: "127.0.0.1" }),
    port: z.number().int().min(0).max(65_535).meta({ description: "0: any free one.", default: 8080 }),
    maxBodyBytes: byteSize(0, MAX_MEMORY_BYTES).meta({ description: "Of a request.", default: "8MB" }),
  })
  .partial();

const pluginName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
  .refine((name) => name !== "plugins");

const host = z.strictObject({
  $schema: z.string().optional(),
  plugins: z.record(pluginName, pluginSettings).describe("Settings by the name of the plugin."),
  folder: z.string().min(1).optional().meta({
    description: "Where NAME.wasm is looked for when a plugin has no path, and watched for new files.",
    default: "plugins",
  }),
  databases: z
    .record(z.string().min(1), database)
    .optional()
    .meta({ description: "A URL for each name.", default: { main: "sqlite::memory:" } }),
  http: http.optional(),
  cacheDir: z.string().min(1).optional().describe("Where compiled plugins are kept between runs."),
});

const pluginMap = z.object({ $schema: z.string().optional() }).catchall(pluginSettings);

/**
 * What a person may write, piece by piece: the types of input, the JSON Schema and the checks come from here.
 *
 * A file is `host`, or, without a key `plugins`, `pluginMap`: the form that TuskLang's PluginConfig has.
 */
export const SETTINGS_SCHEMA = { host, pluginMap, pluginName, pluginSettings, database } as const;

export type HostSettingsInput = z.input<typeof host>;
export type PluginSettingsInput = z.input<typeof pluginSettings>;

/** What a person may write: settings of the host, or a map from the names of plugins to their settings. */
export type SettingsInput = HostSettingsInput | Readonly<Record<string, PluginSettingsInput>>;
