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
  httpRequestHead,
  type HttpResponse,
  type HttpResponseInit,
  httpResponse,
  type NotificationInit,
  notification,
  pluginInfo,
  type Route,
  route,
  type StreamRequestInit,
  type StreamResponse,
  user,
  type UserInit,
} from "./data.ts";
import { fallible, type Functions, infallible } from "./function.ts";

/** What every plugin exports and what the host alone calls. */
const PLUGIN_INTERFACE = {
  info: infallible({}, pluginInfo),
  initialize: fallible({ settings: json }, nothing),
  shutdown: fallible({}, nothing),
} satisfies Functions;

/** What a plugin may export for the host alone. */
const LIFECYCLE_INTERFACES = {
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
  "http-stream-plugin": {
    "register-stream-routes": infallible({}, list(route)),
    "handle-stream": fallible({ request: httpRequestHead }, nothing),
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

/** Answers queries. @see wit/database-plugin.wit */
export interface DatabaseCapability {
  /** Runs one statement, and gives its rows as an array of objects. */
  executeQuery(query: string, params: readonly unknown[], options?: CallOptions): Promise<JsonValue>;
  /** Creates a table by running the statement `schema`. */
  createTable(tableName: string, schema: string, options?: CallOptions): Promise<void>;
  /** Writes a copy of the database to `backupPath`, inside a folder that the plugin was granted. */
  backupDatabase(backupPath: string, options?: CallOptions): Promise<void>;
}

/** Answers HTTP requests. @see wit/http-plugin.wit */
export interface HttpCapability {
  /** The routes that it answers. */
  registerRoutes(options?: CallOptions): Promise<Route[]>;
  /** Answers a request for one of its routes. */
  handleRequest(request: HttpRequestInit, options?: CallOptions): Promise<HttpResponse>;
}

/** Answers requests whose bodies are streams. @see wit/http-plugin.wit */
export interface HttpStreamCapability {
  /** What of requests it answers. */
  registerStreamRoutes(options?: CallOptions): Promise<Route[]>;
  /**
   * Has a request answered whose bodies go through as streams, as fast as both sides go. The call lasts until the
   * plugin is done, so its time limit is that of the whole stream.
   *
   * @returns When the head of the answer is there.
   */
  handleStream(request: StreamRequestInit, options?: CallOptions): Promise<StreamResponse>;
}

/** Sees the requests of every route. @see wit/http-plugin.wit */
export interface MiddlewareCapability {
  /** Lets a request go on, changed or not, or answers it. */
  before(request: HttpRequestInit, options?: CallOptions): Promise<Decision>;
  /** Gives the answer that goes out in place of `response`. */
  after(request: HttpRequestInit, response: HttpResponseInit, options?: CallOptions): Promise<HttpResponse>;
}

/** Knows users and what they may do. @see wit/auth-plugin.wit */
export interface AuthCapability {
  /** Who shows these credentials. Wrong ones are an answer: `failure`. */
  authenticate(credentials: Credentials, options?: CallOptions): Promise<AuthResult>;
  /** Whether a user may do `action` ("read") to `resource` ("invoices/7"). */
  authorize(user: UserInit, resource: string, action: string, options?: CallOptions): Promise<boolean>;
  /** Everything that a user may do, each as "resource:action". */
  getUserPermissions(userId: number, options?: CallOptions): Promise<string[]>;
}

/** Tells people things. @see wit/notification-plugin.wit */
export interface NotificationCapability {
  /** Sends a message, and resolves when the channel has taken it. */
  sendNotification(notification: NotificationInit, options?: CallOptions): Promise<void>;
  /** The channels that it is set up for: "email", "webhook". */
  supportedChannels(options?: CallOptions): Promise<string[]>;
  /** Whether the service behind the channels can be reached now. */
  testConnection(options?: CallOptions): Promise<boolean>;
}

/** The capabilities by the names they have on a plugin's handle: `host.plugin("api").http`. */
export interface Capabilities {
  readonly database: DatabaseCapability;
  readonly http: HttpCapability;
  readonly httpStream: HttpStreamCapability;
  readonly middleware: MiddlewareCapability;
  readonly auth: AuthCapability;
  readonly notification: NotificationCapability;
}

/** The WIT names of the capabilities by the names they have on a plugin's handle. */
export const CAPABILITIES: { readonly [Key in keyof Capabilities]: CapabilityName } = {
  database: "database-plugin",
  http: "http-plugin",
  httpStream: "http-stream-plugin",
  middleware: "http-middleware",
  auth: "auth-plugin",
  notification: "notification-plugin",
};
