import { isAbsolute, resolve } from "node:path";

/** A database on a PostgreSQL server. */
export interface PostgresUrl {
  readonly kind: "postgres";
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Whether the URL says who the user is. */
  readonly namesUser: boolean;
  readonly password: string;
  /** Whether the connection is encrypted, and whether the server has to prove who it is. */
  readonly encryption: "none" | "unverified" | "verified";
  /** The file with the certificates of the authorities that may vouch for it; undefined: those that Node knows. */
  readonly authorities: string | undefined;
  /** Whether it is a pooler such as PgBouncer, which lends a session for a transaction. */
  readonly pooled: boolean;
  /** Connections that a plugin may use at once, if it shall be fewer than the host's limits say. */
  readonly poolSize: number | undefined;
}

/** Where a database is. */
export type DatabaseUrl =
  { readonly kind: "sqlite-memory" } | { readonly kind: "sqlite-file"; readonly file: string } | PostgresUrl;

/** What an URL means, or why it means nothing. */
export type ParsedDatabaseUrl = DatabaseUrl | { readonly kind: "invalid"; readonly reason: string };

const ENCRYPTION = { disable: "none", require: "unverified", "verify-full": "verified" } as const;

/**
 * Reads the URL of a database:
 *
 * - `sqlite::memory:` and `sqlite:FILE`, where FILE is absolute or relative to `folder`; `sqlite://FILE` is the
 *   same;
 * - `postgres://user:password@host:port/database`, also `postgresql://`. Without a port it is 5432, without a user
 *   `postgres`. Parameters: `sslmode` (disable, require, verify-full), `sslrootcert` (a file, where the server has to
 *   prove who it is), `pooler` (transaction), `pool_size`.
 *
 * Nothing of the text stands in the reason, for a URL may hold a password.
 */
export function parseDatabaseUrl(url: string, folder: string): ParsedDatabaseUrl {
  const [scheme, rest] = url.split(/:(.*)/s);
  if (rest === undefined) return invalid("it is no URL: it should begin with a scheme, as in sqlite:FILE");
  if (scheme === "postgres" || scheme === "postgresql") return parsePostgresUrl(url, folder);
  if (scheme !== "sqlite")
    return invalid("only databases with the schemes sqlite and postgres are supported");
  const path = rest.replace(/^\/\//, "");
  if (path === ":memory:") return { kind: "sqlite-memory" };
  if (path === "" || path.includes("\0")) return invalid("it names no file");
  if (/[?#]/.test(path)) return invalid("parameters after ? or # are not supported");
  if (path.endsWith("/")) return invalid("it names a folder");
  return { kind: "sqlite-file", file: isAbsolute(path) ? resolve(path) : resolve(folder, path) };
}

function parsePostgresUrl(text: string, folder: string): ParsedDatabaseUrl {
  const url = URL.parse(text);
  if (!url?.hostname) return invalid("it names no server, as in postgres://user@host/database");
  const parts = [url.hostname, url.username, url.password, url.pathname.slice(1)].map(decode);
  const [host, user, password, database] = parts;
  if (host === undefined || user === undefined || password === undefined || database === undefined) {
    return invalid("something in it is wrongly encoded");
  }
  // Nor a folder with a socket in it.
  if (!/^[\p{L}\p{N}._:[\]-]+$/u.test(host)) return invalid("its server is neither a name nor an address");
  if (database === "") return invalid("it names no database, as in postgres://user@host/database");
  if ([user, password, database].some((part) => part.includes("\0")))
    return invalid("a part has a zero byte");
  const parameters = Object.fromEntries(url.searchParams);
  const { sslmode = "disable", sslrootcert, pooler, pool_size: poolSize, ...others } = parameters;
  if (Object.keys(others).length > 0 || url.hash !== "") {
    return invalid("parameters other than sslmode, sslrootcert, pooler and pool_size are not supported");
  }
  if (sslrootcert !== undefined && (sslmode !== "verify-full" || /^$|\0/.test(sslrootcert))) {
    return invalid("sslrootcert should be a file, beside sslmode=verify-full");
  }
  if (pooler !== undefined && pooler !== "transaction") return invalid("pooler should be transaction");
  if (!isEncryption(sslmode)) return invalid("sslmode should be disable, require or verify-full");
  if (poolSize !== undefined && !/^[1-9]\d{0,3}$/.test(poolSize))
    return invalid("pool_size should be from 1 to 9999");
  return {
    kind: "postgres",
    host: host.replace(/^\[|\]$/g, "").toLowerCase(),
    port: url.port === "" ? 5432 : Number(url.port),
    database,
    user: user === "" ? "postgres" : user,
    namesUser: user !== "",
    password,
    encryption: ENCRYPTION[sslmode],
    authorities: sslrootcert === undefined ? undefined : resolve(folder, sslrootcert),
    pooled: pooler !== undefined,
    poolSize: poolSize === undefined ? undefined : Number(poolSize),
  };
}

function isEncryption(mode: string): mode is keyof typeof ENCRYPTION {
  return Object.hasOwn(ENCRYPTION, mode);
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function invalid(reason: string): ParsedDatabaseUrl {
  return { kind: "invalid", reason };
}
