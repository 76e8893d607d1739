// @ts-nocheck: AssemblyScript can do what TypeScript cannot.

import { AuthPlugin } from "./auth-plugin";
import { DatabasePlugin } from "./database-plugin";
import { Health } from "./health";
import { HttpMiddleware } from "./http-middleware";
import { HttpPlugin } from "./http-plugin";
import { HttpStreamPlugin } from "./http-stream-plugin";
import { NotificationPlugin } from "./notification-plugin";
import { Plugin } from "./plugin";
import { State } from "./state";

/** What the functions of `exports/` call. */
export namespace registered {
  export let plugin: Plugin | null = null;
  export let state: State | null = null;
  export let health: Health | null = null;
  export let databasePlugin: DatabasePlugin | null = null;
  export let httpPlugin: HttpPlugin | null = null;
  export let httpStreamPlugin: HttpStreamPlugin | null = null;
  export let httpMiddleware: HttpMiddleware | null = null;
  export let authPlugin: AuthPlugin | null = null;
  export let notificationPlugin: NotificationPlugin | null = null;
}

/**
 * Makes an object the plugin that this module is. The last line of a plugin's source:
 *
 * ```ts
 * export * from "tusk-plugin-as/exports/http-plugin";
 *
 * class Greeter extends Plugin implements HttpPlugin { … }
 *
 * register(new Greeter());
 * ```
 *
 * The compiler holds both together: a capability that is exported must be implemented by the object's class,
 * and one that is implemented must be exported.
 */
export function register<T extends Plugin>(plugin: T): void {
  registered.plugin = plugin;
  // Each module of exports/ defines a global class by which it can be seen here at compile time. `instanceof` is
  // a constant where the class itself says that it implements the interface.
  if (isDefined(ExportsState)) registered.state = plugin;
  else if (isConstant(plugin instanceof State) && plugin instanceof State)
    ERROR('State is implemented and not exported: export * from "tusk-plugin-as/exports/state";');
  if (isDefined(ExportsHealth)) registered.health = plugin;
  else if (isConstant(plugin instanceof Health) && plugin instanceof Health)
    ERROR('Health is implemented and not exported: export * from "tusk-plugin-as/exports/health";');
  if (isDefined(ExportsDatabasePlugin)) registered.databasePlugin = plugin;
  else if (isConstant(plugin instanceof DatabasePlugin) && plugin instanceof DatabasePlugin)
    ERROR(
      'DatabasePlugin is implemented and not exported: export * from "tusk-plugin-as/exports/database-plugin";',
    );
  if (isDefined(ExportsHttpPlugin)) registered.httpPlugin = plugin;
  else if (isConstant(plugin instanceof HttpPlugin) && plugin instanceof HttpPlugin)
    ERROR('HttpPlugin is implemented and not exported: export * from "tusk-plugin-as/exports/http-plugin";');
  if (isDefined(ExportsHttpStreamPlugin)) registered.httpStreamPlugin = plugin;
  else if (isConstant(plugin instanceof HttpStreamPlugin) && plugin instanceof HttpStreamPlugin)
    ERROR(
      'HttpStreamPlugin is implemented and not exported: export * from "tusk-plugin-as/exports/http-stream-plugin";',
    );
  if (isDefined(ExportsHttpMiddleware)) registered.httpMiddleware = plugin;
  else if (isConstant(plugin instanceof HttpMiddleware) && plugin instanceof HttpMiddleware)
    ERROR(
      'HttpMiddleware is implemented and not exported: export * from "tusk-plugin-as/exports/http-middleware";',
    );
  if (isDefined(ExportsAuthPlugin)) registered.authPlugin = plugin;
  else if (isConstant(plugin instanceof AuthPlugin) && plugin instanceof AuthPlugin)
    ERROR('AuthPlugin is implemented and not exported: export * from "tusk-plugin-as/exports/auth-plugin";');
  if (isDefined(ExportsNotificationPlugin)) registered.notificationPlugin = plugin;
  else if (isConstant(plugin instanceof NotificationPlugin) && plugin instanceof NotificationPlugin)
    ERROR(
      'NotificationPlugin is implemented and not exported: export * from "tusk-plugin-as/exports/notification-plugin";',
    );
}
