import type { HttpSettings } from "../config/settings.ts";
import { type AdminServer, createAdminServer } from "../http/admin-server.ts";
import { createHttpServer, type HttpServer, type ServedRoutes } from "../http/http-server.ts";
import type { Host } from "../plugin/host.ts";
import type { RunReport } from "./run-report.ts";

/** What the command line says, in place of the settings. */
export interface AddressOptions {
  readonly port?: number;
  readonly host?: string;
  readonly adminPort?: number;
}

/** The servers of `tusk run`: they follow the settings, and may move to another address. */
export class RunServers implements AsyncDisposable {
  readonly #host: Host;
  readonly #options: AddressOptions;
  readonly #report: RunReport;
  #settings: HttpSettings;
  #http: HttpServer;
  #admin: AdminServer | undefined;
  readonly #leaving = new Set<Promise<void>>();

  private constructor(
    parts: { host: Host; options: AddressOptions; report: RunReport },
    settings: HttpSettings,
    http: HttpServer,
  ) {
    this.#host = parts.host;
    this.#options = parts.options;
    this.#report = parts.report;
    this.#settings = settings;
    this.#http = http;
  }

  /** @throws HostError LISTEN_FAILED, GUARD_INVALID */
  static async open(
    host: Host,
    settings: HttpSettings,
    options: AddressOptions,
    report: RunReport,
  ): Promise<RunServers> {
    const chosen = chosenBy(options, settings);
    const servers = new RunServers(
      { host, options, report },
      chosen,
      await listen(host, chosen, chosen, report),
    );
    try {
      servers.#admin = await servers.#listenForAdmin(chosen);
      return servers;
    } catch (error) {
      await servers.closeHttp();
      throw error;
    }
  }

  get url(): string {
    return this.#http.url;
  }

  get adminUrl(): string | undefined {
    return this.#admin?.url;
  }

  get routes(): ServedRoutes {
    return this.#http.routes;
  }

  /**
   * Brings the servers to other settings, and `plugins` in between: what is guarded before or after is guarded all the
   * while. Where the address is another one, requests on the old one are answered, and its connections are closed then.
   *
   * @throws HostError LISTEN_FAILED, GUARD_INVALID, and what `plugins` throws; nothing has changed here then
   */
  async follow(settings: HttpSettings, plugins: () => Promise<void>): Promise<void> {
    const before = { settings: this.#settings, http: this.#http, admin: this.#admin };
    const chosen = chosenBy(this.#options, settings);
    const moves = chosen.host !== before.settings.host || chosen.port !== before.settings.port;
    const adminMoves = chosen.adminPort !== before.settings.adminPort;
    let http = before.http;
    let admin = before.admin;
    try {
      if (moves) http = await listen(this.#host, chosen, before.settings, this.#report);
      // The old one, too: until the end it serves what plugins are brought to.
      for (const server of [before.http, http]) server.use(chosen, before.settings.guards);
      if (adminMoves) admin = await this.#listenForAdmin(chosen);
      await plugins();
    } catch (error) {
      if (admin !== before.admin) await admin?.close();
      before.http.use(before.settings);
      if (http !== before.http) await http.close();
      throw error;
    }
    http.use(chosen);
    this.#settings = chosen;
    this.#http = http;
    this.#admin = admin;
    if (moves) admin?.follow(http);
    if (moves) this.#leave(before.http);
    if (adminMoves) await before.admin?.close();
    if (moves || adminMoves) this.#report.moved({ url: http.url, adminUrl: admin?.url });
  }

  /** Takes no more requests, and resolves when those that run are answered. */
  async closeHttp(): Promise<void> {
    await Promise.all([this.#http.close(), ...this.#leaving]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeHttp();
    await this.#admin?.close();
  }

  #leave(http: HttpServer): void {
    const leaving = http.close().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  async #listenForAdmin({ adminPort: port }: HttpSettings): Promise<AdminServer | undefined> {
    return port === undefined
      ? undefined
      : createAdminServer(this.#host, {
          http: this.#http,
          port,
          onFault: (error) => this.#report.fault(error),
        });
  }
}

function chosenBy({ port, host, adminPort }: AddressOptions, settings: HttpSettings): HttpSettings {
  return {
    ...settings,
    port: port ?? settings.port,
    host: host ?? settings.host,
    adminPort: adminPort ?? settings.adminPort,
  };
}

/** @param guarded Whose guards hold at first. */
function listen(
  host: Host,
  { host: address, port, maxBodyBytes }: HttpSettings,
  { guards }: HttpSettings,
  report: RunReport,
): Promise<HttpServer> {
  return createHttpServer(host, {
    host: address,
    port,
    maxBodyBytes,
    guards,
    accessLog: (entry) => report.requested(entry),
    onRoutes: (routes) => report.routesChanged(routes),
    onFault: (error) => report.fault(error),
  });
}
