import { once } from "node:events";
import type { Server } from "node:http";
import { HostError, messageOf } from "../core/error.ts";

/** @throws HostError LISTEN_FAILED when the address is taken, not this machine's, or not allowed */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server.listen({ host, port }), "listening");
  } catch (error) {
    const reason = reasonOf(error as NodeJS.ErrnoException);
    throw new HostError("LISTEN_FAILED", { host, port, reason }, { cause: error });
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const { code } = error;
  if (code === "EADDRINUSE") return "another program listens there. End it, or choose another port.";
  if (code === "EACCES") return "this user may not. Choose a port above 1023.";
  if (code === "EADDRNOTAVAIL") return "this machine has no such address.";
  return messageOf(error);
}
