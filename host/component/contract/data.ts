import { randomUUID } from "node:crypto";
import type { ReadableStream } from "node:stream/web";
import type { JsonValue } from "../../marshal/json.ts";
import {
  bytes,
  type Case,
  count,
  json,
  list,
  option,
  optional,
  record,
  string,
  type Type,
  u16,
  u32,
  variant,
} from "../../marshal/type.ts";

/** A name with its value. @see wit/types.wit */
export interface Field {
  name: string;
  value: string;
}

/** Somebody whom an auth plugin knows. @see wit/types.wit */
export interface User {
  /** Below 2³². */
  id: number;
  name: string;
  roles: string[];
  /** A JSON object. */
  claims: JsonValue;
}

/** A request as a plugin sees it. @see wit/http-plugin.wit */
export interface HttpRequest {
  /** The same in every log line that this request causes. */
  id: string;
  /** In upper case. */
  method: string;
  /** Without the query. */
  path: string;
  params: Field[];
  query: Field[];
  /** Names in lower case. */
  headers: Field[];
  body: Uint8Array;
  user: User | undefined;
}

/** What a caller says of a request: `id` is made up, and the rest is empty, where it is left out. */
export interface HttpRequestInit {
  id?: string;
  method: string;
  path: string;
  params?: readonly Field[];
  query?: readonly Field[];
  headers?: readonly Field[];
  /** A string is taken as its UTF-8. */
  body?: Uint8Array | string;
  user?: UserInit | undefined;
}

/** What a caller says of a user: no roles, and no claims, where they are left out. */
export interface UserInit {
  id: number;
  name: string;
  roles?: readonly string[];
  claims?: unknown;
}

/** A request without its body, which is a stream. @see wit/http-plugin.wit */
export type HttpRequestHead = Omit<HttpRequest, "body">;

/** A request whose body is fetched as the plugin asks for it. */
export interface StreamRequestInit extends Omit<HttpRequestInit, "body"> {
  /** A stream of Node's or of the web will do. It is read once. */
  body?: AsyncIterable<Uint8Array> | Uint8Array | string | undefined;
}

/** An answer. @see wit/http-plugin.wit */
export interface HttpResponse {
  status: number;
  headers: Field[];
  body: Uint8Array;
}

/** What a caller says of an answer: without headers and body where they are left out. A string is taken as its UTF-8. */
export interface HttpResponseInit {
  status: number;
  headers?: readonly Field[];
  body?: Uint8Array | string;
}

/** An answer whose body comes as the plugin writes it. */
export interface StreamResponse {
  status: number;
  headers: Field[];
  /** To be read to its end, or cancelled, which aborts the call. It fails with a HostError when the plugin does. */
  body: ReadableStream<Uint8Array>;
}

/** Which requests a plugin answers. @see wit/http-plugin.wit */
export interface Route {
  method: string;
  pattern: string;
}

/** What middleware decides about a request. @see wit/http-plugin.wit */
export type Decision = Case<{ next: HttpRequest; respond: HttpResponse }>;

/** A name and a password, as somebody has typed them. @see wit/auth-plugin.wit */
export interface PasswordCredentials {
  username: string;
  password: string;
}

/** What somebody shows to prove who they are. @see wit/auth-plugin.wit */
export type Credentials = Case<{ password: PasswordCredentials; token: string }>;

/** Who has proved who they are, and for how long that holds. @see wit/auth-plugin.wit */
export interface Session {
  user: User;
  /** To be shown as credentials from now on. */
  token: string | undefined;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  expiresAtMs: number | undefined;
}

/** Whether credentials were right. @see wit/auth-plugin.wit */
export type AuthResult = Case<{ success: Session; failure: string }>;

/** A message for somebody. @see wit/notification-plugin.wit */
export interface Notification {
  channel: string;
  recipient: string;
  subject: string;
  body: string;
  /** A JSON object. */
  data: JsonValue;
}

/** `subject` and `body` are empty, and `data` is `{}`, where they are left out. */
export interface NotificationInit {
  channel: string;
  recipient: string;
  subject?: string;
  body?: string;
  data?: unknown;
}

/** Who a plugin says it is. @see wit/plugin.wit */
export interface PluginInfo {
  name: string;
  version: string;
  description: string;
}

/** A request that a plugin asks the host to send. @see wit/services.wit */
export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Field[];
  body: Uint8Array;
  timeoutMs: number | undefined;
}

/** A message that a plugin asks the host to send. @see wit/services.wit */
export interface Email {
  /** Bare addresses. */
  to: string[];
  subject: string;
  text: string;
  html: string | undefined;
}

const none = () => [];

export const field: Type<Field> = record<Field>({ name: string, value: string });

export const user: Type<User> = record<User>({
  id: u32,
  name: string,
  roles: optional(list(string), none),
  claims: optional(json, () => ({})),
});

export const httpRequest: Type<HttpRequest> = record<HttpRequest>({
  id: optional(string, randomUUID),
  method: string,
  path: string,
  params: optional(list(field), none),
  query: optional(list(field), none),
  headers: optional(list(field), none),
  body: optional(bytes, () => ""),
  user: option(user),
});

export const httpRequestHead: Type<HttpRequestHead> = record<HttpRequestHead>({
  id: optional(string, randomUUID),
  method: string,
  path: string,
  params: optional(list(field), none),
  query: optional(list(field), none),
  headers: optional(list(field), none),
  user: option(user),
});

export const httpResponse: Type<HttpResponse> = record<HttpResponse>({
  status: u16,
  headers: optional(list(field), none),
  body: optional(bytes, () => ""),
});

export const route: Type<Route> = record<Route>({ method: string, pattern: string });

export const decision: Type<Decision> = variant({ next: httpRequest, respond: httpResponse });

export const credentials: Type<Credentials> = variant({
  password: record<PasswordCredentials>({ username: string, password: string }),
  token: string,
});

export const authResult: Type<AuthResult> = variant({
  success: record<Session>({ user, token: option(string), expiresAtMs: option(count) }),
  failure: string,
});

export const notification: Type<Notification> = record<Notification>({
  channel: string,
  recipient: string,
  subject: optional(string, () => ""),
  body: optional(string, () => ""),
  data: optional(json, () => ({})),
});

export const pluginInfo: Type<PluginInfo> = record<PluginInfo>({
  name: string,
  version: string,
  description: string,
});

export const outgoingRequest: Type<OutgoingRequest> = record<OutgoingRequest>({
  method: string,
  url: string,
  headers: list(field),
  body: bytes,
  timeoutMs: option(u32),
});

export const email: Type<Email> = record<Email>({
  to: list(string),
  subject: string,
  text: string,
  html: option(string),
});
