import type { JsonValue } from "../../marshal/json.ts";
import {
  bool,
  bytes,
  count,
  json,
  jsonArray,
  list,
  nothing,
  oneOf,
  option,
  string,
  type Type,
  u16,
  u32,
  u64,
} from "../../marshal/type.ts";
import {
  type Email,
  email,
  type Field,
  field,
  httpResponse,
  type HttpResponseInit,
  type OutgoingRequest,
  outgoingRequest,
} from "./data.ts";
import { fallible, type Functions, infallible, type Resource } from "./function.ts";

/** A service that plugins may import. */
export interface ServiceInterface {
  readonly functions: Functions<Type<unknown> | Resource>;
  /** The methods of its resources. */
  readonly resources: Readonly<Record<string, Functions<Type<unknown> | Resource>>>;
  /** Whether its functions may take their time: the plugin is suspended until they answer. */
  readonly waits: boolean;
}

const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** How grave a log line is, mildest first. */
export type LogLevel = (typeof LEVELS)[number];

const statements = {
  query: fallible({ sql: string, params: jsonArray }, json),
  execute: fallible({ sql: string, params: jsonArray }, count),
};

/** The services, by their names in WIT. @see wit/services.wit */
export const SERVICES = {
  config: {
    functions: { get: infallible({ key: string }, option(json)), all: infallible({}, json) },
    resources: {},
    waits: false,
  },
  logger: {
    functions: {
      log: infallible({ level: oneOf(...LEVELS), message: string, fields: option(json) }, nothing),
    },
    resources: {},
    waits: false,
  },
  clock: {
    functions: { "now-ms": infallible({}, count), "monotonic-ns": infallible({}, u64) },
    resources: {},
    waits: false,
  },
  timer: {
    functions: { sleep: infallible({ durationMs: u32 }, nothing) },
    resources: {},
    waits: true,
  },
  random: {
    functions: { "get-bytes": infallible({ length: u32 }, bytes), "get-u64": infallible({}, u64) },
    resources: {},
    waits: false,
  },
  "http-streams": {
    functions: {
      "request-body": fallible({}, { resource: "input-body" }),
      respond: fallible({ status: u16, headers: list(field) }, { resource: "output-body" }),
    },
    resources: {
      "input-body": { read: fallible({ maxBytes: u32 }, option(bytes)) },
      "output-body": { write: fallible({ bytes }, nothing), finish: fallible({}, nothing) },
    },
    waits: true,
  },
  cache: {
    functions: {
      get: fallible({ key: string }, option(json)),
      set: fallible({ key: string, value: json, ttlMs: option(count) }, nothing),
      delete: fallible({ key: string }, bool),
    },
    resources: {},
    waits: true,
  },
  database: {
    functions: { open: fallible({ name: string }, { resource: "connection" }) },
    resources: {
      connection: {
        ...statements,
        begin: fallible({}, { resource: "transaction" }),
        backup: fallible({ path: string }, nothing),
      },
      transaction: { ...statements, commit: fallible({}, nothing), rollback: fallible({}, nothing) },
    },
    waits: true,
  },
  "http-client": {
    functions: { send: fallible({ request: outgoingRequest }, httpResponse) },
    resources: {},
    waits: true,
  },
  mail: {
    functions: { send: fallible({ email }, nothing), verify: fallible({}, nothing) },
    resources: {},
    waits: true,
  },
  peers: {
    functions: { call: fallible({ plugin: string, capability: string, function: string, args: json }, json) },
    resources: {},
    waits: true,
  },
} satisfies Record<string, ServiceInterface>;

/** The WIT name of a service, which is also the name of the permission to use it. */
export type ServiceName = keyof typeof SERVICES;

export interface ConfigService {
  /** The value at a path of keys joined by dots. */
  get(key: string): JsonValue | undefined;
  all(): JsonValue;
}

export interface LoggerService {
  log(level: LogLevel, message: string, fields: JsonValue | undefined): void;
}

export interface ClockService {
  nowMs(): number;
  monotonicNs(): bigint;
}

export interface TimerService {
  sleep(durationMs: number): Promise<void>;
}

export interface RandomService {
  getBytes(length: number): Uint8Array;
  getU64(): bigint;
}

export interface HttpStreamsService {
  requestBody(): Promise<InputBody>;
  respond(status: number, headers: Field[]): Promise<OutputBody>;
}

export interface InputBody {
  /** Undefined at the end. */
  read(maxBytes: number): Promise<Uint8Array | undefined>;
  /** Called when the guest drops its handle, or ends. */
  [Symbol.dispose](): void;
}

export interface OutputBody {
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  /** Called when the guest drops its handle, or ends. */
  [Symbol.dispose](): void;
}

export interface CacheService {
  get(key: string): Promise<JsonValue | undefined>;
  set(key: string, value: JsonValue, ttlMs: number | undefined): Promise<void>;
  delete(key: string): Promise<boolean>;
}

export interface DatabaseService {
  open(name: string): Promise<DatabaseConnection>;
}

interface Statements {
  /** The rows: an array of objects by column name. */
  query(sql: string, params: readonly JsonValue[]): Promise<JsonValue>;
  /** How many rows changed. */
  execute(sql: string, params: readonly JsonValue[]): Promise<number>;
}

export interface DatabaseConnection extends Statements {
  begin(): Promise<DatabaseTransaction>;
  backup(path: string): Promise<void>;
  /** Called when the guest drops its handle, or ends. */
  [Symbol.dispose](): void;
}

export interface DatabaseTransaction extends Statements {
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Called when the guest drops its handle, or ends: rolls back what was not committed. */
  [Symbol.dispose](): void;
}

export interface HttpClientService {
  send(request: OutgoingRequest): Promise<HttpResponseInit>;
}

export interface MailService {
  send(email: Email): Promise<void>;
  verify(): Promise<void>;
}

export interface PeersService {
  call(plugin: string, capability: string, functionName: string, args: JsonValue): Promise<JsonValue>;
}

/**
 * The services of one plugin. One that is left out was not granted.
 *
 * A service says no by throwing a `ServiceError`; anything else that it throws is a fault of the host.
 */
export interface Services {
  readonly config: ConfigService;
  readonly logger: LoggerService;
  readonly clock: ClockService;
  readonly timer?: TimerService | undefined;
  readonly random: RandomService;
  readonly "http-streams"?: HttpStreamsService | undefined;
  readonly cache?: CacheService | undefined;
  readonly database?: DatabaseService | undefined;
  readonly "http-client"?: HttpClientService | undefined;
  readonly mail?: MailService | undefined;
  readonly peers?: PeersService | undefined;
}
