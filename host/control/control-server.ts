import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { inspect } from "node:util";
import { HostError } from "../core/error.ts";
import { compactJson } from "../marshal/json-text.ts";
import { claimSocket } from "./claim-socket.ts";
import {
  type ControlAnswer,
  type ControlRequest,
  MAX_REQUEST_BYTES,
  parseRequest,
  type RemoteError,
} from "./protocol.ts";
import { readLines } from "./read-lines.ts";

/** Carries requests out. */
export interface ControlHandler {
  /**
   * @param tell Sends an item; resolves when there is room for the next one.
   * @param signal Is aborted when the one who asked has gone.
   */
  answer(
    request: ControlRequest,
    tell: (item: unknown) => Promise<void>,
    signal: AbortSignal,
  ): Promise<unknown>;
}

/** Answers those who may speak to a host: the user who runs it, and nobody else. */
export interface ControlServer extends AsyncDisposable {
  readonly address: string;
  /** Takes no more requests, and resolves when those that run are answered. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 64;

/** Within which a request has to be there. */
const REQUEST_MS = 10_000;

/** How long somebody may take nothing of an answer once the server closes: whoever is halted would keep it open. */
const FAREWELL_MS = 1_000;

/**
 * Listens for requests at an address that `controlAddress` gave.
 *
 * @throws HostError CONTROL_TAKEN, CONTROL_UNUSABLE
 */
export async function createControlServer(address: string, handler: ControlHandler): Promise<ControlServer> {
  const running = new Set<Promise<void>>();
  const open = new Set<Socket>();
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    waiting.add(socket);
    socket.once("close", () => open.delete(socket));
    const answered = serve(socket, handler, () => waiting.delete(socket)).finally(() => {
      running.delete(answered);
      waiting.delete(socket);
    });
    running.add(answered);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await claimSocket(server, address);
  const close = async () => {
    server.close();
    for (const socket of waiting) socket.destroy();
    for (const socket of open) cutWhenHalted(socket);
    await Promise.all(running);
  };
  return { address, close, [Symbol.asyncDispose]: close };
}

/** Does not throw. @param begin Is called when the request is there. */
async function serve(socket: Socket, handler: ControlHandler, begin: () => void): Promise<void> {
  const gone = new AbortController();
  socket.on("close", () => gone.abort());
  // Whoever asked has gone: "close" follows.
  socket.on("error", () => undefined);
  const late = () => socket.destroy();
  socket.setTimeout(REQUEST_MS, late);
  const send = async (answer: ControlAnswer) => {
    if (gone.signal.aborted || socket.write(`${compactJson(answer)}\n`)) return;
    await once(socket, "drain", { signal: gone.signal }).catch(() => undefined);
  };
  try {
    const request = await readRequest(socket);
    if (!request) return;
    begin();
    socket.setTimeout(0, late);
    socket.resume();
    const result = await handler.answer(request, (item) => send({ type: "item", item }), gone.signal);
    await send({ type: "result", result: result ?? null });
  } catch (error) {
    await send({ type: "error", error: remoteError(error) });
  } finally {
    socket.end();
  }
}

function cutWhenHalted(socket: Socket): void {
  socket.setTimeout(FAREWELL_MS).on("timeout", () => {
    if (socket.writableLength > 0) socket.destroy();
  });
}

/** Nothing if whoever connected has gone without one. */
async function readRequest(socket: Socket): Promise<ControlRequest | undefined> {
  try {
    for await (const line of readLines(socket, MAX_REQUEST_BYTES)) return parseRequest(line);
  } catch (error) {
    if (HostError.is(error)) throw error;
  }
  return undefined;
}

function remoteError(thrown: unknown): RemoteError {
  const error = HostError.is(thrown)
    ? thrown
    : new HostError("HOST_FAULT", { doing: "answered a request" }, { cause: thrown });
  const cause = error.cause === undefined ? undefined : inspect(error.cause).slice(0, 10_000);
  return { ...error.toJSON(), cause };
}
