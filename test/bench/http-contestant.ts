// One server of the benchmark of HTTP, in a process of its own: says where it listens, and how much CPU it used.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHost } from "tusk-host";
import { createHttpServer, type HttpServer } from "../../host/http/http-server.ts";

/** A server that is measured. */
export interface Contestant {
  readonly url: string;
  /** Milliseconds of CPU that it has used. */
  cpuMs(): Promise<number>;
  stop(): void;
}

/** What the process is asked for, and what it says. */
export type ContestantMessage = { readonly url: string } | { readonly cpuMs: number };

const ABOUT = { version: "1.0.0", name: "api" };

/** The same answer as the plugins', by Node alone. */
async function serveBare(): Promise<string> {
  const server = createServer((_, response) => {
    const body = JSON.stringify(ABOUT);
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The plugin in a file, or none: then every path is one that nothing answers. */
async function servePlugin(file: string | undefined): Promise<HttpServer> {
  const host = await createHost();
  if (file !== undefined) await host.load(file);
  return createHttpServer(host, { port: 0 });
}

function say(message: ContestantMessage): void {
  process.send?.(message);
}

const [kind, file] = process.argv.slice(2);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  say({ cpuMs: (user + system) / 1000 });
});
process.on("disconnect", () => process.exit());
say({ url: kind === "bare" ? await serveBare() : (await servePlugin(file)).url });
