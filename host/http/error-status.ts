import type { ErrorCode } from "../core/error.ts";
import type { ErrorKind } from "../component/contract/service-error.ts";

/** The status of each error that a plugin may answer with. */
export const STATUS_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  "invalid-input": 400,
  denied: 403,
  "not-found": 404,
  conflict: 409,
  "limit-exceeded": 413,
  internal: 500,
  unsupported: 501,
  unavailable: 503,
  timeout: 504,
};

/**
 * The status of each error that may end a call: 502 where the plugin broke, 503 where it may work later, 504
 * where it took too long, 500 where the host is at fault.
 */
export const STATUS_BY_CODE: Readonly<Record<ErrorCode, number>> = {
  PLUGIN_ERROR: 503,
  PLUGIN_ANSWER_INVALID: 502,
  PLUGIN_TRAPPED: 502,
  PLUGIN_STACK_OVERFLOW: 502,
  PLUGIN_MEMORY_LIMIT: 502,
  PLUGIN_EXITED: 502,
  SERVICE_MISUSED: 502,
  PLUGIN_TIMEOUT: 504,
  PLUGIN_CPU_LIMIT: 504,
  PLUGIN_ABORTED: 503,
  PLUGIN_STOPPED: 503,
  PLUGIN_OVERLOADED: 503,
  PLUGIN_REENTERED: 503,
  PLUGIN_CIRCUIT_OPEN: 503,
  PLUGIN_UNKNOWN: 503,
  PLUGIN_NOT_SERVING: 503,
  CAPABILITY_MISSING: 503,
  DEPENDENCY_NOT_SERVING: 503,
  DEPENDENCY_VERSION: 503,
  HOST_CLOSED: 503,

  // What follows ends no call of a plugin that serves.
  BINARY_NOT_WASM: 500,
  BINARY_KIND: 500,
  BINARY_MALFORMED: 500,
  BINARY_UNSUPPORTED: 500,
  BINARY_OVER_LIMIT: 500,
  CONTRACT_VERSION: 500,
  CONTRACT_EXPORT_MISSING: 500,
  CONTRACT_IMPORT_UNKNOWN: 500,
  COMPONENT_INVALID: 500,
  PERMISSION_MISSING: 500,
  SERVICE_MISSING: 500,
  CACHE_UNSAFE: 500,
  FUNCTION_UNKNOWN: 500,
  SERVICE_FAULT: 500,
  SWAP_BREAKS_DEPENDENT: 500,
  FILE_UNREADABLE: 500,
  HOST_FAULT: 500,
  RUNTIME_UNSUPPORTED: 500,
  BUILD_TOOLCHAIN_MISSING: 500,
  BUILD_UNKNOWN_LANGUAGE: 500,
  BUILD_TOOL_MISSING: 500,
  BUILD_FAILED: 500,
  BUILD_IMPORT_UNKNOWN: 500,
  USAGE_INVALID: 500,
  SETTINGS_UNREADABLE: 500,
  SETTINGS_INVALID: 500,
  DEPENDENCY_CYCLE: 500,
  DEPENDENCY_UNAVAILABLE: 500,
  DATABASE_SETTING: 500,
  ROUTE_INVALID: 500,
  ROUTE_CONFLICT: 500,
  LISTEN_FAILED: 500,
  VALUE_INVALID: 500,
  JSON_MALFORMED: 500,
};
