import type { Socket } from "node:net";

/** The connections of a server, and how many requests are being answered on each. */
export class Connections {
  readonly #busy = new Map<Socket, number>();
  /** Those on which nothing more can be understood. */
  readonly #spoilt = new WeakSet<Socket>();
  #closing = false;

  add(socket: Socket): void {
    this.#busy.set(socket, 0);
    socket.once("close", () => this.#busy.delete(socket));
  }

  /** How many requests are being answered on a connection. */
  busy(socket: Socket): number {
    return this.#busy.get(socket) ?? 0;
  }

  /** Whether the request that is being answered is the last one that this connection will carry. */
  isLast(socket: Socket): boolean {
    return this.#isEnding(socket) && this.busy(socket) <= 1;
  }

  /** Notes that a request is being answered. */
  begin(socket: Socket): void {
    this.#busy.set(socket, this.busy(socket) + 1);
  }

  /** Notes that a request has been answered. */
  end(socket: Socket): void {
    const busy = this.#busy.get(socket);
    // It was closed meanwhile.
    if (busy === undefined) return;
    this.#busy.set(socket, busy - 1);
    if (this.#isEnding(socket) && busy === 1) socket.destroySoon();
  }

  /** Closes a connection once the requests that are being answered on it have been. */
  finish(socket: Socket): void {
    this.#spoilt.add(socket);
  }

  /** Closes every connection: those that are idle now, the others once their requests have been answered. */
  close(): void {
    this.#closing = true;
    for (const [socket, busy] of this.#busy) {
      if (busy === 0) socket.destroy();
    }
  }

  /** Closes what is left, whatever it does. */
  destroy(): void {
    for (const socket of this.#busy.keys()) socket.destroy();
  }

  #isEnding(socket: Socket): boolean {
    return this.#closing || this.#spoilt.has(socket);
  }
}
