import { isAbsolute, resolve } from "node:path";

/** Where a database is. */
export type DatabaseUrl =
  { readonly kind: "sqlite-memory" } | { readonly kind: "sqlite-file"; readonly file: string };

/** What an URL means, or why it means nothing. */
export type ParsedDatabaseUrl = DatabaseUrl | { readonly kind: "invalid"; readonly reason: string };

/**
 * Reads `sqlite::memory:` and `sqlite:FILE`, where FILE is absolute or relative to `folder`; `sqlite://FILE` is
 * the same. Nothing of the text stands in the reason, for a URL may hold a password.
 */
export function parseDatabaseUrl(url: string, folder: string): ParsedDatabaseUrl {
  const [scheme, rest] = url.split(/:(.*)/s);
  if (rest === undefined) return invalid("it is no URL: it should begin with a scheme, as in sqlite:FILE");
  if (scheme !== "sqlite") return invalid("only databases with the scheme sqlite are supported");
  const path = rest.replace(/^\/\//, "");
  if (path === ":memory:") return { kind: "sqlite-memory" };
  if (path === "" || path.includes("\0")) return invalid("it names no file");
  if (/[?#]/.test(path)) return invalid("parameters after ? or # are not supported");
  if (path.endsWith("/")) return invalid("it names a folder");
  return { kind: "sqlite-file", file: isAbsolute(path) ? resolve(path) : resolve(folder, path) };
}

function invalid(reason: string): ParsedDatabaseUrl {
  return { kind: "invalid", reason };
}
