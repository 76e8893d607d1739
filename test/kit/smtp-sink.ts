import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A message as an SMTP server got it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers, a blank line, and the rest, as sent. */
  readonly source: string;
}

/** An SMTP server on loopback that keeps what it is sent. */
export interface SmtpSink extends AsyncDisposable {
  /** Without user and password. */
  readonly url: string;
  readonly port: number;
  readonly received: readonly ReceivedMail[];
}

export interface SmtpSinkOptions {
  /** Whoever connects has to say both; without it nobody has to. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Answers a recipient with an SMTP code, such as 550 or 451; undefined takes it. */
  readonly refuse?: (recipient: string) => number | undefined;
}

export async function smtpSink({ login, refuse }: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: login === undefined,
    disabledCommands: login === undefined ? ["AUTH", "STARTTLS"] : ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth({ username, password }, _session, callback) {
      const right = username === login?.user && password === login?.password;
      callback(right ? null : new Error("535 No."), right ? { user: username } : undefined);
    },
    onRcptTo({ address }, _session, callback) {
      const responseCode = refuse?.(address);
      callback(responseCode === undefined ? null : Object.assign(new Error("No."), { responseCode }));
    },
    onData(stream, { envelope }, callback) {
      const keep = (chunks: Buffer[]) => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ from, to, source: Buffer.concat(chunks).toString() });
        callback();
      };
      stream.toArray().then((chunks) => keep(chunks as Buffer[]), callback);
    },
  });
  // A client that goes away in the middle is no business of a test's.
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
