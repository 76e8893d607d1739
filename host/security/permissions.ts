import type { PluginSettings } from "../config/settings.ts";
import { HostError } from "../core/error.ts";

type Grants = Pick<PluginSettings, "name" | "permissions" | "dependencies">;

/** What a plugin may be granted, and how its settings say that it is. */
const PERMISSIONS = {
  cache: { isGranted: (plugin) => plugin.permissions.cache !== false, setting: `"cache": true` },
  database: {
    isGranted: (plugin) => plugin.permissions.database.length > 0,
    setting: `"database": ["main"]`,
  },
  "http-client": {
    isGranted: (plugin) => plugin.permissions.httpClient.length > 0,
    setting: `"http-client": ["api.example.com"]`,
  },
  mail: {
    isGranted: (plugin) => plugin.permissions.mail !== undefined,
    setting: `"mail": ["ada@example.com"]`,
  },
  peers: {
    // Which plugins it may call follows from which it depends on.
    isGranted: (plugin) => plugin.dependencies.length > 0,
    setting: undefined,
  },
} satisfies Record<string, { isGranted: (plugin: Grants) => boolean; setting: string | undefined }>;

/** The name of something that a plugin may be granted, which is also that of the service behind it. */
export type Permission = keyof typeof PERMISSIONS;

/** Whether a service needs a permission; the others every plugin has. */
export function isPermission(service: string): service is Permission {
  return Object.hasOwn(PERMISSIONS, service);
}

/**
 * Holds what a binary asks for against what its settings grant.
 *
 * @param asked The services that the binary imports.
 * @throws HostError PERMISSION_MISSING with everything that is missing, and what to write to grant it
 */
export function verifyPermissions(asked: readonly string[], plugin: Grants): void {
  const missing = asked
    .filter(isPermission)
    .filter((permission) => !PERMISSIONS[permission].isGranted(plugin));
  if (missing.length === 0) return;
  throw new HostError("PERMISSION_MISSING", { plugin: plugin.name, missing, grant: grantFor(missing) });
}

/** What to write into the settings of a plugin to grant it these, as it stands in a `.json` file. */
export function grantFor(permissions: readonly Permission[]): string {
  const settings = permissions.flatMap((permission) => PERMISSIONS[permission].setting ?? []);
  return [
    ...(settings.length > 0 ? [`"permissions": { ${settings.join(", ")} }`] : []),
    ...(permissions.includes("peers") ? [`"dependencies": ["…"]`] : []),
  ].join(", ");
}
