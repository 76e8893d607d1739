export { createHost, type HostOptions } from "./plugin/create-host.ts";
export type { Host } from "./plugin/host.ts";
export { loadSettings } from "./config/load-settings.ts";
export { parseSettings, parseSettingsText } from "./config/parse-settings.ts";
export { getLoadOrder, getPluginSettings, isPluginEnabled } from "./config/plugin-config.ts";
export { type LoadOrder, resolveLoadOrder } from "./config/resolve-load-order.ts";
export { redactSettings } from "./config/redact-settings.ts";
export type { Settings } from "./config/settings.ts";
export type { SettingsInput } from "./config/settings-schema.ts";
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
export type { HostEvent } from "./plugin/events.ts";
export type { PluginHandle } from "./plugin/plugin-handle.ts";
export type { PluginStatus } from "./plugin/status.ts";
export type * from "./component/contract/data.ts";
export type {
  AuthCapability,
  CallOptions,
  Capabilities,
  DatabaseCapability,
  HttpCapability,
  MiddlewareCapability,
  NotificationCapability,
} from "./component/contract/exports.ts";
export { type ErrorCode, type ErrorDetails, HostError } from "./core/error.ts";
export type { JsonValue } from "./marshal/json.ts";
