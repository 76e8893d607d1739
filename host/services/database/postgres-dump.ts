import { execFile } from "node:child_process";
import { env } from "node:process";
import { promisify } from "node:util";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { PostgresUrl } from "./database-url.ts";
import type { PostgresDatabaseOptions } from "./postgres-database.ts";

const SSL_MODES = { none: "disable", unverified: "require", verified: "verify-full" } as const;

const MAX_OUTPUT_BYTES = 1024 * 1024;

const run = promisify(execFile);

/**
 * Writes a copy of the database to `file`, as SQL that makes it again (`psql --file`): PostgreSQL's own `pg_dump`
 * has to be installed.
 *
 * @throws ServiceError `unsupported` without pg_dump, `timeout` over the limit, `unavailable` when it fails.
 */
export async function dumpPostgres(
  { url, limits, report }: Pick<PostgresDatabaseOptions, "url" | "limits" | "report">,
  file: string,
): Promise<void> {
  try {
    await run("pg_dump", ["--no-password", `--file=${file}`], {
      env: environmentFor(url),
      timeout: limits.backupMs,
      killSignal: "SIGKILL",
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  } catch (error) {
    throw refusalOf(error, limits.backupMs, report);
  }
}

/** In the environment, where other users of the machine do not see them, and where nothing is taken for an option. */
function environmentFor({
  host,
  port,
  user,
  password,
  database,
  encryption,
  authorities,
}: PostgresUrl): NodeJS.ProcessEnv {
  return {
    PATH: env["PATH"],
    LC_ALL: "C",
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: SSL_MODES[encryption],
    ...(authorities === undefined ? {} : { PGSSLROOTCERT: authorities }),
    PGPASSFILE: "/dev/null",
    PGCLIENTENCODING: "UTF8",
  };
}

function refusalOf(error: unknown, limitMs: number, report: (message: string) => void): ServiceError {
  const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
  if (code === "ENOENT") {
    report(
      "pg_dump is missing: install PostgreSQL's client programs (postgresql-client), of the server's version.",
    );
    return new ServiceError(
      "unsupported",
      "Backups of PostgreSQL need pg_dump, which the host does not have: install PostgreSQL's client programs.",
      { cause: error },
    );
  }
  if (killed === true) {
    return new ServiceError("timeout", `The backup was stopped after ${limitMs} ms.`, { cause: error });
  }
  report(`pg_dump failed: ${stderr?.trim() ?? String(error)}`);
  return new ServiceError("unavailable", "The backup could not be made. The host's log says why.", {
    cause: error,
  });
}
