import type { CacheSettings, MailSettings, Permissions } from "../config/settings.ts";

/** What the services of a host stand on. */
export interface Backends {
  /** URLs of databases by the names under which plugins open them. */
  readonly databases?: Readonly<Record<string, string>> | undefined;
  /** Where messages go; nowhere if nothing is given. */
  readonly mail?: MailSettings | undefined;
  /** Where values are kept; in memory if nothing is given. */
  readonly cache?: CacheSettings | undefined;
  /** Where relative file names in URLs and grants begin; the current folder if none is given. */
  readonly folder?: string | undefined;
}

/** What of it a plugin with these permissions uses. */
export function backendsOf(
  { databases = {}, mail, cache, folder }: Backends,
  permissions: Partial<Permissions>,
): Backends {
  const { database = [], filesystem = [] } = permissions;
  const granted = new Set(database.map(({ name }) => name));
  const used = Object.entries(databases).filter(([name]) => granted.has("*") || granted.has(name));
  return {
    databases: Object.fromEntries(used),
    mail: permissions.mail && mail,
    cache: permissions.cache === undefined || permissions.cache === false ? undefined : cache,
    folder: database.length + filesystem.length > 0 ? folder : undefined,
  };
}
