import assert from "node:assert/strict";
import { chown, copyFile, chmod } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type Certificates, makeCertificates } from "../../../kit/certificates.ts";
import {
  SERVER_OWNER,
  type PostgresServer,
  skipUnlessPostgres,
  startPostgres,
} from "../../../kit/postgres-server.ts";
import { skipUnlessCommand } from "../../../kit/skip-unless-command.ts";
import { temporaryFolder } from "../../../kit/temporary-folder.ts";
import { createLoggedHub, databasesOf, granted } from "./serve-plugin.ts";

const skip = skipUnlessPostgres() || skipUnlessCommand("openssl", "openssl");

suite("a PostgreSQL server by TLS", { skip }, () => {
  const folder = temporaryFolder();
  let certificates: Certificates;
  let server: PostgresServer;

  before(async () => {
    certificates = await makeCertificates(folder.path);
    const key = join(folder.path, "owned.key");
    await copyFile(certificates.key, key);
    await chmod(key, 0o600);
    if (SERVER_OWNER) await chown(key, SERVER_OWNER.uid, SERVER_OWNER.gid);
    await chmod(folder.path, 0o755);
    server = await startPostgres({ ssl: "on", ssl_cert_file: certificates.certificate, ssl_key_file: key });
  });

  after(() => server?.[Symbol.asyncDispose]());

  const urlOf = (host: string, parameters: string) =>
    `${server.url.replace("127.0.0.1", host)}?${new URLSearchParams(parameters).toString()}`;

  /** What came of a query, and what the log says. */
  const ask = async (url: string, statement = "select ssl from pg_stat_ssl where pid = pg_backend_pid()") => {
    const { hub, log } = createLoggedHub({
      databases: { main: url },
      limits: { database: { statementMs: 500 } },
    });
    try {
      const connection = await databasesOf(hub, "plugin", granted("main")).open("main");
      return { rows: await connection.query(statement, []), said: "" };
    } catch (error) {
      const { kind } = error as { kind: string };
      return { kind, said: log.map(({ message }) => message).join("\n") };
    } finally {
      await hub.close();
    }
  };

  test("is spoken to encrypted, and proves who it is where that is asked", async () => {
    const verified = `sslmode=verify-full&sslrootcert=${certificates.authority}`;
    for (const [host, parameters, ssl] of [
      ["localhost", verified, true],
      ["127.0.0.1", "sslmode=require", true],
      ["127.0.0.1", "sslmode=disable", false],
    ] as const) {
      assert.deepEqual((await ask(urlOf(host, parameters))).rows, [{ ssl }], parameters);
    }
  });

  test("is told to cancel a statement that takes too long", async () => {
    const { kind } = await ask(urlOf("127.0.0.1", "sslmode=require"), "select pg_sleep(60)");
    assert.equal(kind, "timeout");
    assert.deepEqual(
      await server.query("select 1 from pg_stat_activity where query ~ '^select pg_sleep'"),
      [],
    );
  });

  test("that nobody vouches for, or for another name, is refused with one line that says what to do", async () => {
    for (const [host, parameters, why] of [
      ["localhost", "sslmode=verify-full", /unable to|self-signed/],
      [
        "127.0.0.1",
        `sslmode=verify-full&sslrootcert=${certificates.authority}`,
        /IP: 127\.0\.0\.1 is not in the cert/,
      ],
    ] as const) {
      const { kind, said } = await ask(urlOf(host, parameters));
      assert.equal(kind, "unavailable");
      assert.match(said, /^A database cannot be reached: its certificate is refused: .*sslrootcert=FILE/);
      assert.match(said, why);
      assert.equal(said.split("\n").length, 1);
    }
  });

  test("whose authorities cannot be read is not asked, and a plugin cannot name their file", async () => {
    const { kind, said } = await ask(urlOf("localhost", "sslmode=verify-full&sslrootcert=/nowhere/ca.pem"));
    assert.equal(kind, "unavailable");
    assert.match(said, /no such file .*\/nowhere\/ca\.pem/);
    const url = urlOf("localhost", `sslmode=verify-full&sslrootcert=${certificates.authority}`);
    const { hub } = createLoggedHub({});
    await assert.rejects(databasesOf(hub, "plugin", granted(url)).open(url), { kind: "denied" });
    await hub.close();
  });
});

test("a server that speaks no TLS is not spoken to without", { skip: skipUnlessPostgres() }, async () => {
  await using server = await startPostgres();
  const { hub, log } = createLoggedHub({ databases: { main: `${server.url}?sslmode=require` } });
  await assert.rejects(databasesOf(hub, "plugin", granted("main")).open("main"), { kind: "unavailable" });
  assert.match(log[0]?.message ?? "", /does not support SSL/);
  await hub.close();
});
