import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type TestContext } from "node:test";
import { createHttpServer, type HttpServer, type HttpServerOptions } from "../../../host/http/http-server.ts";
import { StandInHost, type StandInPlugin } from "./stand-in-host.ts";

/** A server over plugins in this process, closed when the test ends. */
export async function serve(
  t: TestContext,
  plugins: Readonly<Record<string, StandInPlugin>>,
  options: HttpServerOptions = {},
): Promise<{ host: StandInHost; server: HttpServer; url: string }> {
  const host = new StandInHost(plugins);
  const server = await createHttpServer(host, { port: 0, ...options });
  t.after(() => server.close());
  return { host, server, url: server.url };
}

/** A connection on which a test writes what no client would. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  await once(socket, "connect");
  return socket;
}

/** All that comes until the server closes the connection. */
export async function everything(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += chunk as string;
  return text;
}

/** Writes `text` on a connection of its own, and gives all that comes back until the server closes it. */
export async function exchange(url: string, text: string): Promise<string> {
  const socket = await open(url);
  socket.write(text, "latin1");
  return everything(socket);
}
