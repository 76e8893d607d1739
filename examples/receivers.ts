// Whom the notifier of `npm start` tells, if nobody else is named: they print what they get.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { SMTPServer } from "smtp-server";

/** Takes a line to print. */
type Print = (line: string) => void;

/** Something on loopback that takes messages until it is closed. */
export interface Receiver {
  readonly url: string;
  close(): void;
}

export async function receiveWebhooks(print: Print): Promise<Receiver> {
  const server = createServer((request, response) => {
    onText(request, (text) => {
      print(`webhook  ${text}`);
      response.writeHead(204).end();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close().closeAllConnections() };
}

export async function receiveMail(print: Print): Promise<Receiver> {
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, { envelope }, callback) {
      onText(stream, (source) => {
        const to = envelope.rcptTo.map(({ address }) => address).join(", ");
        const [headers = "", body = ""] = source.split("\r\n\r\n");
        print(`mail     to ${to}: ${/^Subject: (.*)$/m.exec(headers)?.[1] ?? ""}: ${body.trim()}`);
        callback();
      });
    },
  });
  // A client that goes away in the middle.
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, close: () => server.close() };
}

function onText(stream: Readable, take: (text: string) => void): void {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.once("end", () => take(Buffer.concat(chunks).toString()));
}
