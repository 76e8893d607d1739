import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Two servers on this machine. The one was granted to the attackers; the other must never hear of them. */
export interface Servers extends AsyncDisposable {
  readonly grantedPort: number;
  readonly otherPort: number;
  /** What the other one was asked. */
  readonly heard: readonly string[];
}

export async function startServers(): Promise<Servers> {
  const heard: string[] = [];
  const other = await start((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end("secret");
  });
  const granted = await start((request, response) => {
    const { url, socket } = request;
    if (url === "/never") return;
    if (url === "/headers") return socket.end(`HTTP/1.1 200 OK\r\n${"X-A: b\r\n".repeat(100_000)}\r\n`);
    if (url === "/endless") {
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        while (response.write(chunk));
      };
      response.on("drain", more);
      return more();
    }
    response.writeHead(302, { location: `http://127.0.0.1:${portOf(other)}/` }).end();
  });
  return {
    grantedPort: portOf(granted),
    otherPort: portOf(other),
    heard,
    async [Symbol.asyncDispose]() {
      for (const server of [granted, other]) {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      }
    },
  };
}

/** On every address of this machine, so that no spelling of one is refused by chance. */
async function start(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  server.on("connection", (socket) => socket.on("error", () => undefined));
  await once(server.listen(0), "listening");
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
