import type { PluginSettings } from "../config/settings.ts";
import { HostError } from "../core/error.ts";

type Grants = Pick<PluginSettings, "name" | "permissions" | "dependencies">;

/** Something that a plugin may be granted. The texts are those of docs/permissions.md. */
interface PermissionRow {
  readonly isGranted: (plugin: Grants) => boolean;
  /** The key of a plugin's settings that grants it, and what may stand there, as in a `.json` file. */
  readonly setting: readonly [key: "permissions" | "dependencies", example: string];
  readonly gives: string;
  /** What may be written, and what that covers. */
  readonly scope: string;
  /** When a plugin without it is stopped: before anything of it runs, or as it asks. */
  readonly refusedAt: "load" | "call";
}

/** Every permission there is. What is not here is not granted by anything, and a test holds it against the settings. */
export const PERMISSIONS = {
  cache: {
    isGranted: (plugin) => plugin.permissions.cache !== false,
    setting: ["permissions", `"cache": true`],
    gives:
      "Values kept for a while, in the host's memory or in Redis. No plugin sees those of another that does not name the same cache.",
    scope: "`true`, or the name of a cache that plugins share.",
    refusedAt: "load",
  },
  database: {
    isGranted: (plugin) => plugin.permissions.database.length > 0,
    setting: ["permissions", `"database": ["main"]`],
    gives: "SQL databases ([more](databases.md)).",
    scope:
      'Names under `databases`, or URLs that the plugin may name itself. `{ "name": "main", "access": "read" }` is to read only. ' +
      '`"*"` is every name, and no URL.',
    refusedAt: "load",
  },
  "http-client": {
    isGranted: (plugin) => plugin.permissions.httpClient.length > 0,
    setting: ["permissions", `"http-client": ["api.example.com"]`],
    gives: "Requests to other servers.",
    scope:
      'Hosts: `"api.example.com"`, `"*.example.com:8443"`, `"[::1]:80"`, or `{ "host": "api.example.com", "port": 443, "methods": ["GET"] }`. ' +
      '`"*"` is the public internet; a private address is reached only by a grant of that address.',
    refusedAt: "load",
  },
  mail: {
    isGranted: (plugin) => plugin.permissions.mail !== undefined,
    setting: ["permissions", `"mail": ["ada@example.com"]`],
    gives: "E-mail by the host's mail server, which `mail` in the settings names.",
    scope:
      'Recipients: `"ada@example.com"`, `"*@example.com"`, `"*"`; or `{ "to": ["*@example.com"], "from": "shop@example.com" }` for another ' +
      "sender than the host's.",
    refusedAt: "load",
  },
  peers: {
    isGranted: (plugin) => plugin.dependencies.length > 0,
    setting: ["dependencies", `"dependencies": ["auth"]`],
    gives: "Calls of what other plugins export.",
    scope: 'The plugins that it depends on: `"auth"`, `"auth@^1"`, `"auth?"` (can do without it).',
    refusedAt: "load",
  },
  filesystem: {
    isGranted: (plugin) => plugin.permissions.filesystem.length > 0,
    setting: ["permissions", `"filesystem": [{ "path": "backups", "access": "write" }]`],
    gives:
      "Folders, by `wasi:filesystem`: `/srv/data` is there as `/data`. Those to write are where backups of its databases may go, too.",
    scope:
      "Folders, relative to that of the settings, with everything in them, to `read` or to `write`. No link leads out of them.",
    refusedAt: "call",
  },
} as const satisfies Record<string, PermissionRow>;

/** The name of something that a plugin may be granted: also that of the service behind it, if there is one. */
export type Permission = keyof typeof PERMISSIONS;

/** Whether a service needs a permission; the others every plugin has. */
export function isPermission<S extends string>(service: S): service is S & Permission {
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
  const examplesFor = (wanted: "permissions" | "dependencies"): string[] =>
    permissions.flatMap((permission) => {
      const [key, example] = PERMISSIONS[permission].setting;
      return key === wanted ? [example] : [];
    });
  const granted = examplesFor("permissions").join(", ");
  return [...(granted === "" ? [] : [`"permissions": { ${granted} }`]), ...examplesFor("dependencies")].join(
    ", ",
  );
}
