import type { HostGrant } from "../config/settings.ts";

/** What the settings let one plugin do with the services that ask for a permission. What is left out is refused. */
export interface ServiceGrants {
  readonly cache?: boolean | undefined;
  readonly database?: readonly DatabaseGrant[] | undefined;
  /** Servers that it may send requests to. */
  readonly httpClient?: readonly HostGrant[] | undefined;
  /** Folders of the host: where backups may go. */
  readonly filesystem?: readonly FolderGrant[] | undefined;
}

export interface DatabaseGrant {
  /** A name among the host's databases, or a URL. */
  readonly name: string;
  readonly access: Access;
}

export interface FolderGrant {
  /** Absolute, or relative to the hub's folder. */
  readonly path: string;
  readonly access: Access;
}

/** `write` includes `read`. */
export type Access = "read" | "write";
