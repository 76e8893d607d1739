// The contract as jco gives it to JavaScript: a `result` is its value or is thrown.

export type ErrorCase =
  | "invalid-input"
  | "not-found"
  | "conflict"
  | "denied"
  | "limit-exceeded"
  | "timeout"
  | "unavailable"
  | "unsupported"
  | "internal";

export interface Field {
  name: string;
  value: string;
}

export interface User {
  id: number;
  name: string;
  roles: string[];
  claims: Uint8Array;
}

export interface Request {
  id: string;
  method: string;
  path: string;
  params: Field[];
  query: Field[];
  headers: Field[];
  body: Uint8Array;
  user: User | undefined;
}

export interface Response {
  status: number;
  headers: Field[];
  body: Uint8Array;
}

export interface Session {
  user: User;
  token: string | undefined;
  expiresAtMs: bigint | undefined;
}

export interface Exports {
  plugin: {
    info(): { name: string; version: string; description: string };
    initialize(settings: Uint8Array): void;
    shutdown(): void;
  };
  state: { save(): Uint8Array; restore(saved: Uint8Array, savedBy: string): void };
  health: { check(): void };
  databasePlugin: {
    executeQuery(query: string, params: Uint8Array): Uint8Array;
    createTable(name: string, schema: string): void;
    backupDatabase(path: string): void;
  };
  httpPlugin: {
    registerRoutes(): { method: string; pattern: string }[];
    handleRequest(request: Request): Response;
  };
  httpStreamPlugin: {
    registerStreamRoutes(): { method: string; pattern: string }[];
    handleStream(request: Omit<Request, "body">): void;
  };
  httpMiddleware: {
    before(request: Request): { tag: "next"; val: Request } | { tag: "respond"; val: Response };
    after(request: Request, response: Response): Response;
  };
  authPlugin: {
    authenticate(
      credentials:
        { tag: "password"; val: { username: string; password: string } } | { tag: "token"; val: string },
    ): { tag: "success"; val: Session } | { tag: "failure"; val: string };
    authorize(user: User, resource: string, action: string): boolean;
    getUserPermissions(userId: number): string[];
  };
  notificationPlugin: {
    sendNotification(notification: {
      channel: string;
      recipient: string;
      subject: string;
      body: string;
      data: Uint8Array;
    }): void;
    supportedChannels(): string[];
    testConnection(): boolean;
  };
}

export interface Statements {
  query(sql: string, params: Uint8Array): Uint8Array;
  execute(sql: string, params: Uint8Array): bigint;
}

export interface Services {
  config: { get(key: string): Uint8Array | undefined; all(): Uint8Array };
  logger: { log(level: string, message: string, fields: Uint8Array | undefined): void };
  clock: { nowMs(): bigint; monotonicNs(): bigint };
  timer: { sleep(durationMs: number): void };
  random: { getBytes(length: number): Uint8Array; getU64(): bigint };
  httpStreams: {
    requestBody(): unknown;
    respond(status: number, headers: Field[]): unknown;
    InputBody: abstract new (...args: never[]) => { read(maxBytes: number): Uint8Array | undefined };
    OutputBody: abstract new (...args: never[]) => { write(bytes: Uint8Array): void; finish(): void };
  };
  cache: {
    get(key: string): Uint8Array | undefined;
    set(key: string, value: Uint8Array, ttlMs: bigint | undefined): void;
    delete(key: string): boolean;
  };
  database: {
    open(name: string): unknown;
    Connection: abstract new (
      ...args: never[]
    ) => Statements & { begin(): unknown; backup(path: string): void };
    Transaction: abstract new (...args: never[]) => Statements & { commit(): void; rollback(): void };
  };
  httpClient: {
    send(request: {
      method: string;
      url: string;
      headers: Field[];
      body: Uint8Array;
      timeoutMs: number | undefined;
    }): Response;
  };
  mail: {
    send(email: { to: string[]; subject: string; text: string; html: string | undefined }): void;
    verify(): void;
  };
  peers: { call(plugin: string, capability: string, name: string, args: Uint8Array): Uint8Array };
}
