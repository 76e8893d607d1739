export { createHost, type Host, type HostOptions } from "./plugin/host.ts";
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
