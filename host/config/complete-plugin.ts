import { join, parse } from "node:path";
import { isJsonObject, type JsonValue } from "./json-value.ts";
import type { Path } from "./path.ts";
import type {
  DatabaseGrant,
  FolderGrant,
  HostGrant,
  Limits,
  MailGrant,
  Permissions,
  PluginSettings,
} from "./settings.ts";
import type { Report } from "./report.ts";
import type { WrittenPluginSettings } from "./settings-schema.ts";

type Written = WrittenPluginSettings;
type WrittenPermissions = NonNullable<Written["permissions"]>;
/** One grant of a kind, as it is written. */
type Grant<K extends "database" | "http-client" | "filesystem"> = NonNullable<WrittenPermissions[K]>[number];

/** What is around a plugin's settings. */
interface PluginPlace {
  readonly path: Path;
  /** Where plugins are looked for. */
  readonly folder: string;
  /** Makes a path absolute, if it is known where relative ones start. */
  readonly toAbsolute: (path: string) => string;
  readonly report: Report;
}

const LAST = 2 ** 32 - 1;
const MEGABYTE = 2 ** 20;

/** Puts in what was not written, in the host's own units. What contradicts itself is reported. */
export function completePlugin(name: string, written: Written, place: PluginPlace): PluginSettings {
  const instances = written.instances ?? 1;
  return {
    name,
    enabled: written.enabled ?? true,
    path: written.path === undefined ? join(place.folder, `${name}.wasm`) : place.toAbsolute(written.path),
    config: written.config ?? {},
    dependencies: completeDependencies(written, place),
    loadOrder: written.load_order ?? LAST,
    permissions: completePermissions(written, place),
    limits: completeLimits(written, instances, place),
    instances,
    healthCheckMs: written.healthCheckMs ?? 30_000,
    placement: written.placement ?? "inline",
    trust: written.trust,
    mount: written.mount ?? "",
    logLevel: written.logLevel,
    sha256: written.sha256?.toLowerCase(),
    secret: completeSecret(written, place),
  };
}

function completeSecret({ config = {}, secret = [] }: Written, { path, report }: PluginPlace) {
  for (const [i, marked] of secret.entries()) {
    const keys = marked.split(".");
    // A slip of the pen would show what should be hidden.
    const isSlip = !isIn(config, keys) && !report.isUnknown([...path, "config", ...keys]);
    if (isSlip) report.problem([...path, "secret", i], "Names nothing in config.");
  }
  return secret;
}

function isIn(value: JsonValue, [key, ...keys]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (Array.isArray(value)) return value.some((item: JsonValue) => isIn(item, [key, ...keys]));
  return isJsonObject(value) && Object.hasOwn(value, key) && isIn(value[key] ?? null, keys);
}

function completeDependencies({ dependencies = [] }: Written, { path, report }: PluginPlace) {
  const names = new Set<string>();
  for (const [i, { name }] of dependencies.entries()) {
    if (names.has(name))
      report.problem([...path, "dependencies", i], "Is there already: a plugin is named once.");
    names.add(name);
  }
  return dependencies;
}

function completeLimits(
  { limits = {}, sandbox = {} }: Written,
  instances: number,
  place: PluginPlace,
): Limits {
  const report = (key: string, message: string) =>
    place.report.problem([...place.path, "limits", key], message);
  const { max_memory_mb: maxMb, max_execution_time_sec: maxSec } = sandbox;
  const sandboxBytes = maxMb === undefined ? undefined : maxMb * MEGABYTE;
  const sandboxMs = maxSec === undefined ? undefined : maxSec * 1000;
  if (differs(limits.memoryBytes, sandboxBytes)) {
    report("memoryBytes", `Contradicts max_memory_mb in sandbox, which is ${maxMb}. Write one of them.`);
  }
  if (differs(limits.timeoutMs, sandboxMs)) {
    report(
      "timeoutMs",
      `Contradicts max_execution_time_sec in sandbox, which is ${maxSec}. Write one of them.`,
    );
  }
  const timeoutMs = limits.timeoutMs ?? sandboxMs ?? 30_000;
  const memoryBytes = limits.memoryBytes ?? sandboxBytes ?? 100 * MEGABYTE;
  const { cpuMs = timeoutMs, totalMemoryBytes = instances * memoryBytes } = limits;
  if (cpuMs > timeoutMs) {
    report("cpuMs", `Can never be reached: a call ends after ${timeoutMs} ms (timeoutMs).`);
  }
  if (totalMemoryBytes < memoryBytes) {
    report("totalMemoryBytes", `Is less than one instance may have: ${memoryBytes} (memoryBytes).`);
  }
  const { shutdownMs = 10_000, tableElements = 100_000, queueLength = 100, fuel = "sliced" } = limits;
  const { streamBytes = Infinity } = limits;
  const ofMemory = { memoryBytes, totalMemoryBytes, tableElements };
  return { timeoutMs, shutdownMs, cpuMs, ...ofMemory, queueLength, streamBytes, fuel };
}

function differs(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function completePermissions(written: Written, place: PluginPlace): Permissions {
  const { permissions = {}, sandbox = {} } = written;
  reportContradictions(written, place);
  const { database = [], filesystem = [], "http-client": hosts = [] } = permissions;
  const everywhere = { path: parse(place.toAbsolute("/")).root, access: "write" } as const;
  return {
    cache: permissions.cache ?? false,
    database: sandbox.allow_database ? [EVERY_DATABASE] : database.map(completeDatabase),
    httpClient: sandbox.allow_network ? [EVERY_HOST] : hosts.map(completeHost),
    filesystem: sandbox.allow_file_system
      ? [everywhere]
      : filesystem.map((grant) => completeFolder(grant, place)),
    mail: completeMail(permissions.mail),
  };
}

const EVERY_DATABASE: DatabaseGrant = { name: "*", access: "write" };
const EVERY_HOST: HostGrant = { host: "*", port: undefined, methods: undefined };

const GRANTS = [
  ["http-client", "allow_network"],
  ["filesystem", "allow_file_system"],
  ["database", "allow_database"],
] as const;

function reportContradictions(
  { permissions = {}, sandbox = {} }: Written,
  { path, report }: PluginPlace,
): void {
  for (const [kind, flag] of GRANTS) {
    const grants = permissions[kind];
    if (grants === undefined || sandbox[flag] === undefined) continue;
    if (grants.length === 0 && !sandbox[flag]) continue;
    const message = `Contradicts ${flag} in sandbox, which is ${sandbox[flag]}. Write one of them.`;
    report.problem([...path, "permissions", kind], message);
  }
  for (const [i, { host, port }] of (permissions["http-client"] ?? []).entries()) {
    if (host.port === undefined || port === undefined) continue;
    report.problem([...path, "permissions", "http-client", i, "port"], "Is written in the host already.");
  }
}

function completeMail(written: WrittenPermissions["mail"] = []): MailGrant | undefined {
  const { to, from } = Array.isArray(written) ? { to: written, from: undefined } : written;
  return to.length > 0 ? { to, from } : undefined;
}

function completeDatabase({ name, access = "write" }: Grant<"database">): DatabaseGrant {
  return { name, access };
}

function completeHost({ host, port, methods }: Grant<"http-client">): HostGrant {
  return {
    host: host.host,
    port: port ?? host.port,
    methods: methods?.map((method) => method.toUpperCase()),
  };
}

function completeFolder(
  { path, access = "read" }: Grant<"filesystem">,
  { toAbsolute }: PluginPlace,
): FolderGrant {
  return { path: toAbsolute(path), access };
}
