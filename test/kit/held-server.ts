import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A service that is as slow as a test wants: it answers nobody until it is told to. */
export interface HeldServer extends AsyncDisposable {
  readonly url: string;
  /** How many requests wait for their answer. */
  readonly held: number;
  /** Resolves when at least so many requests wait. */
  arrived(count: number): Promise<void>;
  /** Resolves when no more than so many requests wait, since who sent the others has gone. */
  emptied(count: number): Promise<void>;
  /** Answers all that wait now. */
  release(): void;
}

export async function startHeldServer(): Promise<HeldServer> {
  const held = new Set<ServerResponse>();
  let arrivals: { readonly count: number; readonly resolve: () => void }[] = [];
  let departures: typeof arrivals = [];
  const server = createServer((_, response) => {
    held.add(response);
    response.on("close", () => {
      held.delete(response);
      for (const { resolve } of departures.filter(({ count }) => count >= held.size)) resolve();
      departures = departures.filter(({ count }) => count < held.size);
    });
    for (const { resolve } of arrivals.filter(({ count }) => count <= held.size)) resolve();
    arrivals = arrivals.filter(({ count }) => count > held.size);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 5_000 });
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get held() {
      return held.size;
    },
    arrived(count) {
      if (held.size >= count) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      arrivals.push({ count, resolve });
      return promise;
    },
    emptied(count) {
      if (held.size <= count) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      departures.push({ count, resolve });
      return promise;
    },
    release() {
      for (const response of held) response.end("late");
      held.clear();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
