import { type ErrorCode, HostError } from "../core/error.ts";

/** How a process ends, and what that means. `tusk --help` prints this table. */
export const EXIT = {
  ok: { code: 0, meaning: "done" },
  failed: { code: 1, meaning: "a plugin, a build or a call failed" },
  usage: { code: 2, meaning: "the command line is wrong: an unknown command, option, file or argument" },
  settings: { code: 3, meaning: "the settings are wrong or cannot be read" },
  address: { code: 4, meaning: "the address to listen on cannot be had" },
  runtime: { code: 5, meaning: "this Node, or a tool that is needed, is missing or too old" },
  fault: { code: 70, meaning: "a fault of the host: please report it" },
} as const satisfies Record<string, { code: number; meaning: string }>;

/** One of the ways to end. A second SIGINT or SIGTERM ends with 130 or 143, as the shell has it. */
export type Exit = keyof typeof EXIT;

/** How the command ends after each error. */
export const EXIT_BY_CODE: Readonly<Record<ErrorCode, Exit>> = {
  BINARY_NOT_WASM: "failed",
  BINARY_KIND: "failed",
  BINARY_MALFORMED: "failed",
  BINARY_UNSUPPORTED: "failed",
  BINARY_OVER_LIMIT: "failed",
  CONTRACT_VERSION: "failed",
  CONTRACT_EXPORT_MISSING: "failed",
  CONTRACT_IMPORT_UNKNOWN: "failed",
  COMPONENT_INVALID: "failed",
  PERMISSION_MISSING: "failed",
  SERVICE_MISSING: "failed",
  PLUGIN_ERROR: "failed",
  PLUGIN_ANSWER_INVALID: "failed",
  PLUGIN_TRAPPED: "failed",
  PLUGIN_STACK_OVERFLOW: "failed",
  PLUGIN_MEMORY_LIMIT: "failed",
  PLUGIN_TIMEOUT: "failed",
  PLUGIN_CPU_LIMIT: "failed",
  PLUGIN_ABORTED: "failed",
  PLUGIN_EXITED: "failed",
  PLUGIN_STOPPED: "failed",
  PLUGIN_WORKER_LOST: "failed",
  PLUGIN_OVERLOADED: "failed",
  PLUGIN_REENTERED: "failed",
  PLUGIN_CIRCUIT_OPEN: "failed",
  PLUGIN_NOT_SERVING: "failed",
  CAPABILITY_MISSING: "failed",
  SWAP_BREAKS_DEPENDENT: "failed",
  SHUTDOWN_TIMEOUT: "failed",
  ROLLBACK_IMPOSSIBLE: "failed",
  PLUGIN_NEEDED: "failed",
  DEPENDENCY_NOT_SERVING: "failed",
  DEPENDENCY_VERSION: "failed",
  FILE_UNREADABLE: "failed",
  PLUGIN_NAME_TAKEN: "failed",
  HOST_CLOSED: "failed",
  REQUEST_UNAUTHENTICATED: "failed",
  REQUEST_FORBIDDEN: "failed",
  GUARD_UNAVAILABLE: "failed",
  ROUTE_INVALID: "failed",
  ROUTE_CONFLICT: "failed",
  JSON_MALFORMED: "failed",
  BUILD_FAILED: "failed",
  BUILD_IMPORT_UNKNOWN: "failed",
  SERVICE_MISUSED: "failed",

  USAGE_INVALID: "usage",
  PLUGIN_UNKNOWN: "usage",
  FUNCTION_UNKNOWN: "usage",
  VALUE_INVALID: "usage",
  BUILD_UNKNOWN_LANGUAGE: "usage",
  PLUGIN_NAME_INVALID: "usage",
  FOLDER_NOT_EMPTY: "usage",

  SETTINGS_UNREADABLE: "settings",
  SETTINGS_INVALID: "settings",
  SETTINGS_FIXED: "settings",
  WORKER_HEAP_SMALL: "settings",
  SETTING_UNSUPPORTED: "settings",
  DEPENDENCY_CYCLE: "settings",
  DEPENDENCY_UNAVAILABLE: "settings",
  CACHE_UNSAFE: "settings",
  DATABASE_SETTING: "settings",
  GUARD_INVALID: "settings",

  LISTEN_FAILED: "address",
  CONTROL_TAKEN: "address",
  CONTROL_UNUSABLE: "address",
  HOST_NOT_RUNNING: "failed",
  CONTROL_REQUEST_INVALID: "failed",
  CONTROL_LOST: "failed",
  RUNTIME_UNSUPPORTED: "runtime",
  BUILD_TOOL_MISSING: "runtime",
  BUILD_TOOLCHAIN_MISSING: "runtime",
  SERVICE_FAULT: "fault",
  HOST_FAULT: "fault",
};

/** How a process ends that ends with `error`. */
export function exitOf(error: unknown): Exit {
  return HostError.is(error) ? EXIT_BY_CODE[error.code] : "fault";
}
