import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LogLevel, MailService } from "../component/contract/services.ts";
import type { CacheSettings, MailGrant, MailSettings, Permissions } from "../config/settings.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { Scope } from "../core/scope.ts";
import type { InstanceServices } from "../engine/plugin-instance.ts";
import type { JsonValue } from "../marshal/json.ts";
import { type Backends, backendsOf } from "./backends.ts";
import { CacheStore } from "./cache/cache-store.ts";
import { RedisCache } from "./cache/redis-cache.ts";
import { SharedCache } from "./cache/shared-cache.ts";
import { createClockService } from "./clock.ts";
import { createConfigService } from "./config.ts";
import { BackupFolders } from "./database/backup-folders.ts";
import { DatabaseNames } from "./database/database-names.ts";
import { Databases } from "./database/databases.ts";
import { PluginDatabases } from "./database/plugin-databases.ts";
import { createHttpClient } from "./http-client/http-client.ts";
import { LogCleaner } from "./logger/log-cleaner.ts";
import { LogRate } from "./logger/log-rate.ts";
import type { LogSink } from "./logger/log-sink.ts";
import { type PluginLog, PluginLogger } from "./logger/plugin-logger.ts";
import { MailServer } from "./mail/mail-server.ts";
import { createMailService } from "./mail/mail-service.ts";
import type { MailTransport } from "./mail/mail-transport.ts";
import { createRandomService } from "./random.ts";
import { SERVICE_LIMITS, type ServiceLimits } from "./service-limits.ts";
import { createTimerService } from "./timer.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface ServiceHubOptions extends Backends {
  /** Where the plugins' log lines go, and the host's about its services. */
  readonly log: LogSink;
  readonly clock?: Clock | undefined;
  /** Takes what plugins mail, in place of the server that is named. */
  readonly mailTransport?: MailTransport | undefined;
  /** Where temporary files go; the system's folder for them if none is given. */
  readonly temporaryFolder?: string | undefined;
  /** Over the defaults in `SERVICE_LIMITS`. */
  readonly limits?: { readonly [Part in keyof ServiceLimits]?: Partial<ServiceLimits[Part]> } | undefined;
}

interface PluginServicesOptions {
  readonly plugin: string;
  readonly config: JsonValue;
  /** What is left out is refused. */
  readonly permissions: Partial<Permissions>;
  /** Texts that must not reach the log. */
  readonly secrets?: ReadonlySet<string> | undefined;
  /** Milder log lines are left out; none are if nothing is given. */
  readonly minLogLevel?: LogLevel | undefined;
}

/** The services of one generation of a plugin. */
export interface PluginServices {
  /** They are the same for each instance, but for what is its own: logger, timer, requests under way. */
  forInstance(): InstanceServices;
  /** What of the host they stand on: with other backends a plugin needs other services. */
  readonly backends: Backends;
  /** Closes what instances left open: connections are closed, and transactions rolled back. */
  close(): Promise<void>;
}

/** The services of a host: owns what its plugins share, and closes it. */
export interface ServiceHub extends AsyncDisposable {
  servicesFor(options: PluginServicesOptions): PluginServices;
  /**
   * Has services stand on other backends from now on. Those that were made before keep to theirs, which are closed
   * with the last of them.
   *
   * @throws HostError DATABASE_SETTING when the URL of a database cannot be used; nothing has changed then
   */
  use(backends: Backends): void;
  /** What `servicesFor` a plugin with these permissions would stand on now. */
  backendsOf(permissions: Partial<Permissions>): Backends;
  /** Closes everything: also what the plugins' services still have open. */
  close(): Promise<void>;
}

/**
 * Creates what serves plugins: log, clock, randomness, settings, cache, databases, requests and mail.
 *
 * @throws HostError DATABASE_SETTING when the URL of a database cannot be used.
 */
export function createServiceHub(options: ServiceHubOptions): ServiceHub {
  return new Hub(options);
}

class Hub implements ServiceHub {
  readonly #log: LogSink;
  readonly #clock: Clock;
  readonly #limits: ServiceLimits;
  /** For the host's own lines. */
  readonly #cleaner: LogCleaner;
  readonly #databases: Databases;
  #backends: Backends;
  #folder: string;
  #cache: SharedCache;
  readonly #mailTransport: MailTransport | undefined;
  #mailServer: MailTransport | undefined;
  /** Those that were not closed yet. */
  readonly #caches = new Set<SharedCache>();
  readonly #rates = new Map<string, LogRate>();
  readonly #sendRates = new Map<string, TokenBucket>();
  readonly #scope = new Scope();

  constructor(options: ServiceHubOptions) {
    const { log, clock = systemClock, temporaryFolder, limits } = options;
    const { databases = {}, mail, mailTransport, cache, folder = "." } = options;
    this.#backends = { databases, mail, cache, folder };
    this.#log = log;
    this.#clock = clock;
    this.#folder = resolve(folder);
    this.#limits = {
      log: { ...SERVICE_LIMITS.log, ...limits?.log },
      cache: { ...SERVICE_LIMITS.cache, ...limits?.cache },
      database: { ...SERVICE_LIMITS.database, ...limits?.database },
      httpClient: { ...SERVICE_LIMITS.httpClient, ...limits?.httpClient },
      mail: { ...SERVICE_LIMITS.mail, ...limits?.mail },
    };
    this.#cleaner = new LogCleaner(this.#limits.log, new Set());
    this.#cache = this.#openCache(cache);
    this.#scope.defer(async () => {
      await Promise.all(Array.from(this.#caches, (known) => known.close()));
    });
    this.#mailTransport = mailTransport;
    this.#mailServer = this.#openMail(mail);
    this.#databases = new Databases({
      clock,
      limits: this.#limits.database,
      names: new DatabaseNames(databases, this.#folder),
      temporaryRoot: temporaryFolder ?? tmpdir(),
      report: (plugin, message) => this.#report(plugin, message),
    });
    this.#scope.defer(() => this.#databases[Symbol.asyncDispose]());
    this.#scope.defer(() => this.#rates.forEach((rate) => rate.close()));
  }

  servicesFor({ plugin, config, permissions, secrets, minLogLevel }: PluginServicesOptions): PluginServices {
    const log: PluginLog = {
      plugin,
      sink: this.#log,
      clock: this.#clock,
      rate: this.#rateOf(plugin),
      cleaner: new LogCleaner(this.#limits.log, secrets ?? new Set()),
      minLevel: minLogLevel ?? "trace",
    };
    const folders = (permissions.filesystem ?? []).map(({ path, access }) => ({
      path: resolve(this.#folder, path),
      access,
    }));
    const database = permissions.database?.length ? this.#databasesFor(plugin, permissions) : undefined;
    const shelf = shelfOf(plugin, permissions.cache);
    const cache = shelf === undefined ? undefined : this.#cache.serviceFor(shelf);
    const shared = {
      config: createConfigService(config),
      clock: createClockService(this.#clock),
      random: createRandomService(plugin),
      cache: cache?.service,
      database,
      mail: permissions.mail && this.#mailFor(plugin, permissions.mail),
    };
    const forInstance = (): InstanceServices => {
      const logger = new PluginLogger(log);
      const ended = new AbortController();
      const httpClient = permissions.httpClient?.length
        ? createHttpClient(permissions.httpClient, this.#limits.httpClient, ended.signal)
        : undefined;
      return {
        services: {
          ...shared,
          logger,
          timer: createTimerService(this.#clock, ended.signal),
          "http-client": httpClient,
        },
        folders,
        beginCall: (requestId) => logger.beginCall(requestId),
        lastWords: () => logger.lastWords(),
        end: () => ended.abort(),
      };
    };
    return {
      forInstance,
      backends: this.backendsOf(permissions),
      async close() {
        await cache?.leave();
        await database?.close();
      },
    };
  }

  use({ databases = {}, mail, cache, folder = "." }: Backends): void {
    const names = new DatabaseNames(databases, resolve(folder));
    const before = this.#backends;
    this.#backends = { databases, mail, cache, folder };
    this.#folder = resolve(folder);
    this.#databases.use(names);
    this.#mailServer = this.#openMail(mail);
    if (isDeepStrictEqual(before.cache, cache)) return;
    const replaced = this.#cache;
    this.#cache = this.#openCache(cache);
    void replaced.replaced();
  }

  backendsOf(permissions: Partial<Permissions>): Backends {
    return backendsOf(this.#backends, permissions);
  }

  close(): Promise<void> {
    return this.#scope.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #databasesFor(plugin: string, { database = [], filesystem = [] }: Partial<Permissions>): PluginDatabases {
    const databases = this.#databases;
    const backups = new BackupFolders({
      plugin,
      folders: filesystem
        .filter(({ access }) => access === "write")
        .map(({ path }) => resolve(this.#folder, path)),
      temporaryFolder: () => databases.temporaryFolder(),
      isLive: (file) => databases.isLive(file),
    });
    return new PluginDatabases({ plugin, grants: database, databases, backups });
  }

  #openCache(settings: CacheSettings | undefined): SharedCache {
    const { cache: limits } = this.#limits;
    const redis = settings && new RedisCache(settings.url, limits.maxPluginBytes);
    const cache = new SharedCache(redis ?? new CacheStore(this.#clock, limits), async () => {
      this.#caches.delete(cache);
      await redis?.[Symbol.asyncDispose]();
    });
    this.#caches.add(cache);
    return cache;
  }

  #openMail(settings: MailSettings | undefined): MailTransport | undefined {
    return this.#mailTransport ?? (settings && new MailServer(settings, this.#limits.mail.timeoutMs));
  }

  #mailFor(plugin: string, grant: MailGrant): MailService {
    const limits = this.#limits.mail;
    // As with the log, a swap does not begin a flood anew.
    const { messagesPerMinute: burst } = limits;
    const rate =
      this.#sendRates.get(plugin) ?? new TokenBucket(this.#clock, { burst, perSecond: burst / 60 });
    this.#sendRates.set(plugin, rate);
    return createMailService({ grant, server: this.#mailServer, rate, limits });
  }

  /** One for all generations of a plugin, so that a swap does not begin a flood anew. */
  #rateOf(plugin: string): LogRate {
    const { linesPerSecond } = this.#limits.log;
    const known = this.#rates.get(plugin);
    if (known) return known;
    const rate = new LogRate(this.#clock, this.#limits.log, (lines) => {
      this.#write(
        plugin,
        `${lines} log lines were left out: it writes more than ${linesPerSecond} a second.`,
      );
    });
    this.#rates.set(plugin, rate);
    return rate;
  }

  /** Tells what a plugin brought about, which counts as a line of the plugin's. */
  #report(plugin: string, message: string): void {
    if (this.#rateOf(plugin).admit()) this.#write(plugin, message);
  }

  #write(plugin: string, message: string): void {
    const text = this.#cleaner.message(message);
    this.#log.write({ timeMs: this.#clock.now(), plugin, source: "host", level: "warn", message: text });
  }
}

/** A plugin's own values, or those of all who name the same cache. */
function shelfOf(plugin: string, grant: boolean | string = false): string | undefined {
  if (grant === false) return undefined;
  return grant === true ? `plugin:${plugin}` : `shared:${grant}`;
}
