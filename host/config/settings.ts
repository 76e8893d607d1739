import type { FindingRule } from "./finding-rules.ts";
import type { JsonObject } from "./json-value.ts";
import type { LogLevel } from "./settings-options.ts";

/**
 * What the host reads: complete, every quantity in the one unit that its name says, deeply frozen.
 *
 * `parseSettings` and `loadSettings` make it of what a person wrote (`SettingsInput`).
 */
export interface Settings {
  /** By name, in the order in which they were written. */
  readonly plugins: Readonly<Record<string, PluginSettings>>;
  /** Where `NAME.wasm` is looked for, and watched for new files. */
  readonly folder: string;
  /** By name; there is always at least one. */
  readonly databases: Readonly<Record<string, DatabaseSettings>>;
  readonly http: HttpSettings;
  readonly trust: TrustSettings;
  readonly inspection: InspectionSettings;
  /** Where messages of plugins go; undefined: nowhere. */
  readonly mail: MailSettings | undefined;
  /** Where the values of plugins are kept; undefined: in memory. */
  readonly cache: CacheSettings | undefined;
  readonly workers: WorkerSettings;
  readonly history: HistorySettings;
  readonly log: LogSettings;
  /** Where compiled plugins are kept between runs; undefined: in memory only. */
  readonly cacheDir: string | undefined;
  /** The file that these settings were loaded from. */
  readonly file: string | undefined;
  /** Absolute paths of all files whose change may change these settings, `file` among them. */
  readonly sources: readonly string[];
  /** Where relative paths started, and the only folder whose files settings may read. */
  readonly baseFolder: string | undefined;
  /** The texts that must not reach a log: see `scrubSecrets` and `redactSettings`. */
  readonly secrets: ReadonlySet<string>;
}

/** The settings of one plugin. */
export interface PluginSettings {
  readonly name: string;
  readonly enabled: boolean;
  /** The file of the plugin; `NAME.wasm` in the folder of plugins where settings say nothing. */
  readonly path: string;
  /** What the plugin is initialised with. */
  readonly config: JsonObject;
  readonly dependencies: readonly Dependency[];
  /** 0 to 4,294,967,295, which is also what it is where settings say nothing: last. */
  readonly loadOrder: number;
  readonly permissions: Permissions;
  readonly limits: Limits;
  /** How many calls it can work on at once; 1 or more. */
  readonly instances: number;
  /** How often its health is checked while it serves, in milliseconds; 0: only when it starts. */
  readonly healthCheckMs: number;
  readonly placement: Placement;
  /** What to do with a build that nobody trusted has signed; undefined: what the host does by itself. */
  readonly trust: Trust | undefined;
  /** Below which path its routes are served: "/shop". Empty: where it says itself. */
  readonly mount: string;
  /** The mildest of its log lines that are kept; undefined: that of the host. */
  readonly logLevel: LogLevel | undefined;
  /** In lower-case hexadecimal: the one build that may be loaded, signed or not. */
  readonly sha256: string | undefined;
  /** Paths of keys into `config`, joined by dots, whose values are secret beside those that are by their name. */
  readonly secret: readonly string[];
}

/** Where a plugin runs: in the host's own thread, or in another. */
export type Placement = "inline" | "worker";

/** What becomes of a build that nobody trusted has signed: it is loaded, loaded with a warning, or refused. */
export type Trust = "off" | "warn" | "require";

/** Whose builds are trusted. */
export interface TrustSettings {
  /** For plugins that say nothing; undefined: "warn" for a folder that only its owner can write to, else "require". */
  readonly default: Trust | undefined;
  /** By the name that messages call it. */
  readonly keys: Readonly<Record<string, TrustedKey>>;
  /** The lock file that builds are held against, if they are. */
  readonly lock: string | undefined;
  /** Where it is kept which versions were trusted last; undefined: in memory, for as long as the host runs. */
  readonly record: string | undefined;
  readonly revoked: RevokedSettings;
}

/** What is refused, whoever has signed it. */
export interface RevokedSettings {
  /** Public keys, in any form that keys may have. */
  readonly keys: readonly string[];
  /** SHA-256 in lower-case hexadecimal. */
  readonly builds: readonly string[];
  /** A file that says more of both. */
  readonly file: string | undefined;
}

/** A key whose signatures count. */
export interface TrustedKey {
  /** The public key itself, or where its file is: one of the two. */
  readonly key: string | undefined;
  readonly file: string | undefined;
  /** The names of the plugins that it may sign; "*" in them stands for any characters. */
  readonly plugins: readonly string[];
}

/** What a binary may not have, although this host could run it. */
export interface InspectionSettings {
  readonly refuse: readonly FindingRule[];
}

/** Another plugin that must be there first. */
export interface Dependency {
  readonly name: string;
  /** Which versions of it will do: a range as `checkDependencyVersion` reads it. Undefined: any. */
  readonly range: string | undefined;
  /** Whether the plugin can do without it. */
  readonly optional: boolean;
}

/** What one plugin may use up. */
export interface Limits {
  /** For a whole call, waiting included, in milliseconds. */
  readonly timeoutMs: number;
  /** For the plugin to shut down once its calls have ended, in milliseconds. */
  readonly shutdownMs: number;
  /** For the guest's own work in a call, in milliseconds; at most `timeoutMs`. */
  readonly cpuMs: number;
  /** For each instance. */
  readonly memoryBytes: number;
  /** For all instances of the plugin together. */
  readonly totalMemoryBytes: number;
  /** Elements of each table. */
  readonly tableElements: number;
  /** How many calls may wait for an instance. */
  readonly queueLength: number;
  /** For either body of a request that is answered as a stream; `Infinity` for no limit. */
  readonly streamBytes: number;
  readonly fuel: Fuel;
}

/** "exact": the same input costs the same on every run. "sliced" is faster. */
export type Fuel = "sliced" | "exact";

/** What one plugin is granted. It gets what its binary asks for and what stands here, and nothing else. */
export interface Permissions {
  /** True: one of its own. A name: one that all plugins who name it share. */
  readonly cache: boolean | string;
  readonly database: readonly DatabaseGrant[];
  readonly httpClient: readonly HostGrant[];
  readonly filesystem: readonly FolderGrant[];
  /** Undefined: no messages to anybody. */
  readonly mail: MailGrant | undefined;
}

/** To whom a plugin may write, and in whose name. */
export interface MailGrant {
  /** "ada@example.com", "*@example.com" (everybody there), or "*" for everybody. */
  readonly to: readonly string[];
  /** A bare address; undefined: that of the host's settings. */
  readonly from: string | undefined;
}

/** "write" includes "read". */
export type Access = "read" | "write";

/** A database of the host that a plugin may use. */
export interface DatabaseGrant {
  /** A name in `Settings.databases`, a URL, or "*" for every name. */
  readonly name: string;
  readonly access: Access;
}

/** Servers to which a plugin may send requests. */
export interface HostGrant {
  /** In lower case, in ASCII: "api.example.com", "*.example.com" (any name below it), "[::1]", or "*" for every host. */
  readonly host: string;
  /** Undefined: any port. */
  readonly port: number | undefined;
  /** In upper case. Undefined: any method. */
  readonly methods: readonly string[] | undefined;
}

/** A folder that a plugin may open files in. */
export interface FolderGrant {
  readonly path: string;
  readonly access: Access;
}

/** A database that plugins may be granted. */
export interface DatabaseSettings {
  /** "sqlite::memory:", "sqlite:FILE" or "postgres://USER@HOST/NAME". */
  readonly url: string;
}

/** The server by which mail is sent, and in whose name. */
export interface MailSettings {
  /** "smtp://…", which goes on to TLS where the server offers it, or "smtps://…", TLS from the start. */
  readonly url: string;
  /** The sender: a bare address. */
  readonly from: string;
}

/** The server that keeps what plugins cache. */
export interface CacheSettings {
  /** "redis://…", or "rediss://…" with TLS. */
  readonly url: string;
}

/** Which builds are kept for a rollback: in the cache folder, or in memory where there is none. */
export interface HistorySettings {
  /** For each plugin, beside the one that serves. */
  readonly builds: number;
  /** Of all plugins together; those that served longest ago go first. */
  readonly maxBytes: number;
}

/** Where HTTP is served, and which routes are guarded. */
export interface HttpSettings {
  readonly host: string;
  /** 0 to 65,535; 0: any free one. */
  readonly port: number;
  /** Of a request. */
  readonly maxBodyBytes: number;
  /** Where health and metrics are served, to this machine alone; 0: any free port. Undefined: nowhere. */
  readonly adminPort: number | undefined;
  readonly guards: readonly GuardSettings[];
}

/** Which requests only some users may send. Of several guards of a request the one with the closest path holds. */
export interface GuardSettings {
  /** "/notes" is that path alone; "/notes/*" is it and everything below it; "/users/:id" binds one segment. */
  readonly path: string;
  /** In upper case; HEAD is among them where GET is. Undefined: any method. */
  readonly methods: readonly string[] | undefined;
  /** The plugin that knows the users: it has the capability `auth-plugin`. */
  readonly plugin: string;
  /** What the user has to be allowed. Undefined: nothing but to be signed in. */
  readonly resource: string | undefined;
  /** Undefined: "read" for GET, HEAD and OPTIONS, otherwise "write". */
  readonly action: string | undefined;
}

/** What is logged, and where. */
export interface LogSettings {
  /** The mildest that is kept, of the host and of plugins that say nothing of theirs. */
  readonly level: LogLevel;
  /** An absolute path; undefined: the standard output. */
  readonly file: string | undefined;
  /** Undefined: "json" in a file, and on the standard output what the command line says. */
  readonly format: LogFormat | undefined;
}

/** "json" is an object a line; "text" is for a person. */
export type LogFormat = "json" | "text";

/** The threads of plugins with the placement "worker", which all of them share. */
export interface WorkerSettings {
  /** The most there may be. */
  readonly threads: number;
  /** Of JavaScript, for each thread. The memories of plugins do not count. */
  readonly heapBytes: number;
}
