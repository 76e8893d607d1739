import type { JsonValue } from "../../marshal/json.ts";
import { bool, json, jsonArray, list, nothing, string, u32 } from "../../marshal/type.ts";
import {
  type AuthResult,
  authResult,
  type Credentials,
  credentials,
  type Decision,
  decision,
  type HttpRequestInit,
  httpRequest,
  type HttpResponse,
  type HttpResponseInit,
  httpResponse,
  type NotificationInit,
  notification,
  pluginInfo,
  type Route,
  route,
  user,
  type UserInit,
} from "./data.ts";
import { fallible, type Functions, infallible } from "./function.ts";

/** What every plugin exports and what the host alone calls. */
export const PLUGIN_INTERFACE = {
  info: infallible({}, pluginInfo),
  initialize: fallible({ settings: json }, nothing),
  shutdown: fallible({}, nothing),
} satisfies Functions;

/** What a plugin may export for the host alone. */
export const LIFECYCLE_INTERFACES = {
  state: { save: fallible({}, json), restore: fallible({ saved: json, savedBy: string }, nothing) },
  health: { check: fallible({}, nothing) },
} satisfies Record<string, Functions>;

/** The capabilities: what a plugin may export for others to call. */
export const CAPABILITY_INTERFACES = {
  "database-plugin": {
    "execute-query": fallible({ query: string, params: jsonArray }, json),
    "create-table": fallible({ tableName: string, schema: string }, nothing),
    "backup-database": fallible({ backupPath: string }, nothing),
  },
  "http-plugin": {
    "register-routes": infallible({}, list(route)),
    "handle-request": fallible({ request: httpRequest }, httpResponse),
  },
  "http-middleware": {
    before: fallible({ request: httpRequest }, decision),
    after: fallible({ request: httpRequest, response: httpResponse }, httpResponse),
  },
  "auth-plugin": {
    authenticate: fallible({ credentials }, authResult),
    authorize: fallible({ user, resource: string, action: string }, bool),
    "get-user-permissions": fallible({ userId: u32 }, list(string)),
  },
  "notification-plugin": {
    "send-notification": fallible({ notification }, nothing),
    "supported-channels": infallible({}, list(string)),
    "test-connection": fallible({}, bool),
  },
} satisfies Record<string, Functions>;

/** The WIT name of a capability. */
export type CapabilityName = keyof typeof CAPABILITY_INTERFACES;

/** Every interface that a plugin may export, by its WIT name. */
export const EXPORTS: Readonly<Record<string, Functions>> = {
  plugin: PLUGIN_INTERFACE,
  ...LIFECYCLE_INTERFACES,
  ...CAPABILITY_INTERFACES,
};

/** How long a call may take, what ends it early, and for whom it is made. */
export interface CallOptions {
  /** Aborting it ends the call with PLUGIN_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, waiting included. The plugin's own limit holds if it is shorter. */
  readonly timeoutMs?: number | undefined;
  /**
   * An id of what the call belongs to. It stands in each line that the plugin logs meanwhile, and in those of the plugins
   * that it asks; of one that is longer than 128 characters the first 128 do.
   */
  readonly requestId?: string | undefined;
}

/** @see wit/database-plugin.wit */
export interface DatabaseCapability {
  /** Runs one statement, and gives its rows as an array of objects. */
  executeQuery(query: string, params: readonly unknown[], options?: CallOptions): Promise<JsonValue>;
  createTable(tableName: string, schema: string, options?: CallOptions): Promise<void>;
  backupDatabase(backupPath: string, options?: CallOptions): Promise<void>;
}

/** @see wit/http-plugin.wit */
export interface HttpCapability {
  registerRoutes(options?: CallOptions): Promise<Route[]>;
  handleRequest(request: HttpRequestInit, options?: CallOptions): Promise<HttpResponse>;
}

/** @see wit/http-plugin.wit */
export interface MiddlewareCapability {
  before(request: HttpRequestInit, options?: CallOptions): Promise<Decision>;
  after(request: HttpRequestInit, response: HttpResponseInit, options?: CallOptions): Promise<HttpResponse>;
}

/** @see wit/auth-plugin.wit */
export interface AuthCapability {
  authenticate(credentials: Credentials, options?: CallOptions): Promise<AuthResult>;
  authorize(user: UserInit, resource: string, action: string, options?: CallOptions): Promise<boolean>;
  /** Each as "resource:action". */
  getUserPermissions(userId: number, options?: CallOptions): Promise<string[]>;
}

/** @see wit/notification-plugin.wit */
export interface NotificationCapability {
  sendNotification(notification: NotificationInit, options?: CallOptions): Promise<void>;
  supportedChannels(options?: CallOptions): Promise<string[]>;
  testConnection(options?: CallOptions): Promise<boolean>;
}

/** The capabilities by the names they have on a plugin's handle: `host.plugin("api").http`. */
export interface Capabilities {
  readonly database: DatabaseCapability;
  readonly http: HttpCapability;
  readonly middleware: MiddlewareCapability;
  readonly auth: AuthCapability;
  readonly notification: NotificationCapability;
}

/** The WIT names of the capabilities by the names they have on a plugin's handle. */
export const CAPABILITIES: { readonly [Key in keyof Capabilities]: CapabilityName } = {
  database: "database-plugin",
  http: "http-plugin",
  middleware: "http-middleware",
  auth: "auth-plugin",
  notification: "notification-plugin",
};
