import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";
import { type PostgresServer, SERVER_OWNER } from "./postgres-server.ts";

/** A PgBouncer in front of a server: two sessions of the server's for all of its clients. */
export interface PgBouncer extends AsyncDisposable {
  /** As that of the server, for the same database. */
  readonly url: string;
}

/**
 * Starts one on a loopback port, which lends sessions for a transaction.
 *
 * @param settings Lines of its section `[pgbouncer]`.
 */
export async function startPgBouncer(
  server: PostgresServer,
  settings: readonly string[] = [],
): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), "tusk-host-pgbouncer-"));
  const port = await freePort();
  const config = join(folder, "pgbouncer.ini");
  const users = join(folder, "users.txt");
  await writeFile(users, `"postgres" "${server.password}"\n`);
  const lines = [
    "[databases]",
    `* = host=127.0.0.1 port=${server.port}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = scram-sha-256",
    `auth_file = ${users}`,
    "pool_mode = transaction",
    "default_pool_size = 2",
    ...settings,
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  for (const path of [folder, config, users]) {
    if (SERVER_OWNER) await chown(path, SERVER_OWNER.uid, SERVER_OWNER.gid);
  }
  await chmod(users, 0o600);
  // Debian puts it where only root looks.
  const env = { PATH: `${process.env["PATH"]}:/usr/sbin` };
  const pooler = spawn("pgbouncer", [config], {
    ...SERVER_OWNER,
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(pooler, "exit");
  const end = (): void => void pooler.kill("SIGKILL");
  process.once("exit", end);
  await untilUp(createInterface({ input: pooler.stderr }));
  return {
    url: server.url.replace(`:${server.port}/`, `:${port}/`),
    async [Symbol.asyncDispose]() {
      process.off("exit", end);
      end();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

/** Reads what it says until it takes connections, and goes on reading, so that it never waits for us. */
function untilUp(lines: NodeJS.EventEmitter): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const said: string[] = [];
  lines.on("line", (line: string) => {
    said.push(line);
    if (line.includes("process up")) resolve();
  });
  lines.on("close", () => reject(new Error(`PgBouncer ended:\n${said.join("\n")}`)));
  return promise;
}
