export { Plugin } from "./plugin";
export { register } from "./register";

export { AuthPlugin } from "./auth-plugin";
export { DatabasePlugin } from "./database-plugin";
export { Health } from "./health";
export { HttpMiddleware } from "./http-middleware";
export { HttpPlugin } from "./http-plugin";
export { NotificationPlugin } from "./notification-plugin";
export { State } from "./state";

export { AuthCredentials } from "./auth-credentials";
export { AuthResult } from "./auth-result";
export { Decision } from "./decision";
export { Field } from "./field";
export { Fields } from "./fields";
export { HttpRequest } from "./http-request";
export { HttpResponse } from "./http-response";
export { JsonKind } from "./json/json-kind";
export { JsonValue } from "./json/json-value";
export { Notification } from "./notification";
export { ErrorKind, PluginError } from "./plugin-error";
export { Result } from "./result";
export { Route } from "./route";
export { NEVER, Session } from "./session";
export { User } from "./user";

export { cache } from "./services/cache";
export { clock } from "./services/clock";
export { config } from "./services/config";
export { Connection } from "./services/connection";
export { database } from "./services/database";
export { httpClient } from "./services/http-client";
export { LogLevel } from "./services/log-level";
export { logger } from "./services/logger";
export { OutgoingRequest } from "./services/outgoing-request";
export { peers } from "./services/peers";
export { random } from "./services/random";
export { Transaction } from "./services/transaction";
