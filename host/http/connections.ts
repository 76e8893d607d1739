import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** A request and its answer, of which it may not all have come. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Connection {
  /** How many requests are being answered on it. */
  busy: number;
  latest: Exchange | undefined;
  /** Whether nothing more can be understood on it. */
  spoilt: boolean;
}

/** The connections of a server, and how many requests are being answered on each. */
export class Connections {
  readonly #open = new Map<Socket, Connection>();
  #closing = false;

  add(socket: Socket): void {
    this.#open.set(socket, { busy: 0, latest: undefined, spoilt: false });
    socket.once("close", () => this.#open.delete(socket));
  }

  /** How many requests are being answered on a connection. */
  busy(socket: Socket): number {
    return this.#open.get(socket)?.busy ?? 0;
  }

  /** The last request that came on a connection. */
  latest(socket: Socket): Exchange | undefined {
    return this.#open.get(socket)?.latest;
  }

  /** Whether the request that is being answered is the last one that this connection will carry. */
  isLast(socket: Socket): boolean {
    const connection = this.#open.get(socket);
    return connection !== undefined && this.#isEnding(connection) && connection.busy <= 1;
  }

  /** Notes that a request is being answered. */
  begin(socket: Socket, exchange: Exchange): void {
    const connection = this.#open.get(socket);
    // It was closed meanwhile.
    if (!connection) return;
    connection.busy++;
    connection.latest = exchange;
  }

  /** Notes that a request has been answered. */
  end(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (!connection) return;
    connection.busy--;
    if (this.#isEnding(connection) && connection.busy === 0) socket.destroySoon();
  }

  /** Closes a connection once the requests that are being answered on it have been. */
  finish(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection) connection.spoilt = true;
  }

  /** Closes every connection: those that are idle now, the others once their requests have been answered. */
  close(): void {
    this.#closing = true;
    for (const [socket, { busy }] of this.#open) {
      if (busy === 0) socket.destroy();
    }
  }

  /** Closes what is left, whatever it does. */
  destroy(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #isEnding({ spoilt }: Connection): boolean {
    return this.#closing || spoilt;
  }
}
