export { createHost, type HostOptions } from "./plugin/create-host.ts";
export type { Host } from "./plugin/host.ts";
export type { Clock } from "./core/clock.ts";
export { loadSettings } from "./config/load-settings.ts";
export { parseSettings, parseSettingsText } from "./config/parse-settings.ts";
export { getLoadOrder, getPluginSettings, isPluginEnabled } from "./config/plugin-config.ts";
export { type LoadOrder, type LoadOrderInput, resolveLoadOrder } from "./config/resolve-load-order.ts";
export { redactSettings } from "./config/redact-settings.ts";
export type {
  Access,
  CacheSettings,
  DatabaseGrant,
  DatabaseSettings,
  Dependency,
  FolderGrant,
  Fuel,
  GuardSettings,
  HistorySettings,
  HostGrant,
  HttpSettings,
  InspectionSettings,
  Limits,
  LogFormat,
  LogSettings,
  MailGrant,
  MailSettings,
  Permissions,
  Placement,
  PluginSettings,
  RevokedSettings,
  Settings,
  Trust,
  TrustedKey,
  TrustSettings,
  WorkerSettings,
} from "./config/settings.ts";
export type { CachedValue, LogLevel, SettingsOptions } from "./config/settings-options.ts";
export type { HostSettingsInput, PluginSettingsInput, SettingsInput } from "./config/settings-schema.ts";
export {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
  type ServedRoutes,
} from "./http/http-server.ts";
export { type AdminServer, type AdminServerOptions, createAdminServer } from "./http/admin-server.ts";
export type { CallObserver, EndedCall } from "./plugin/call-observers.ts";
export type { StreamedRequest, StreamedResponse } from "./component/wasi-http/streamed.ts";
export type { AccessLog, AccessLogEntry } from "./http/access-log.ts";
export type { MountedRoute } from "./http/route-table.ts";
export type { AdminHost } from "./http/admin-host.ts";
export type { HttpHost, HttpPluginStatus } from "./http/http-host.ts";
export type { HostEvent, SwapCause } from "./plugin/events.ts";
export type { PluginHandle } from "./plugin/plugin-handle.ts";
export type { PluginStatus, Problem } from "./plugin/status.ts";
export type { ShapeChange } from "./plugin/shape-change.ts";
export type { StoredBuild } from "./plugin/build-store.ts";
export type { TakeOptions } from "./plugin/admit-build.ts";
export type { HealthReport } from "./plugin/health-watch.ts";
export type { PluginKind } from "./component/plugin-kind.ts";
export type { CircuitState } from "./engine/circuit-breaker.ts";
export type { MemoryReport } from "./engine/memory-meter.ts";
export type { PluginState } from "./core/lifecycle.ts";
export type { TrustVerdict } from "./security/trust/trust-gate.ts";
export type { LogEntry } from "./services/logger/log-entry.ts";
export type { MailTransport, SentEmail } from "./services/mail/mail-transport.ts";
export type { FaultSink } from "./core/fault-teller.ts";
export type { LogSink } from "./services/logger/log-sink.ts";
export type {
  AuthResult,
  Credentials,
  Decision,
  Field,
  HttpRequest,
  HttpRequestInit,
  HttpResponse,
  HttpResponseInit,
  NotificationInit,
  OutgoingRequest,
  PasswordCredentials,
  PluginInfo,
  Route,
  Session,
  StreamRequestInit,
  StreamResponse,
  User,
  UserInit,
} from "./component/contract/data.ts";
export type {
  AuthCapability,
  CallOptions,
  Capabilities,
  DatabaseCapability,
  HttpCapability,
  HttpStreamCapability,
  MiddlewareCapability,
  NotificationCapability,
} from "./component/contract/exports.ts";
export { type ErrorCode, type ErrorDetails, HostError } from "./core/error.ts";
export type { JsonValue } from "./marshal/json.ts";
