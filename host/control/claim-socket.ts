import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, rename, rm } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { dirname } from "node:path";
import { HostError, messageOf } from "../core/error.ts";
import { makePrivateFolder } from "./private-folder.ts";

/** Others may be about to claim the same address. */
const ATTEMPTS = 5;

/**
 * Has a server listen at an address that no other host holds. What a host that died has left there is replaced.
 *
 * @throws HostError CONTROL_TAKEN when another host listens there
 * @throws HostError CONTROL_UNUSABLE when nobody can
 */
export async function claimSocket(server: Server, address: string): Promise<void> {
  const isPipe = address.startsWith("\\\\");
  if (!isPipe) await makePrivateFolder(dirname(address));
  for (let attempt = 1; ; attempt++) {
    try {
      server.listen({ path: address });
      await once(server, "listening");
      if (!isPipe) await chmod(address, 0o600);
      return;
    } catch (error) {
      const inUse = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!inUse || attempt === ATTEMPTS) throw unusable(address, error);
      if (isPipe || (await isAlive(address))) throw new HostError("CONTROL_TAKEN", { address });
      await removeStale(address);
    }
  }
}

/**
 * Takes a dead socket out of the way. Another host may do the same at this moment, and have put its own there: so
 * what is there is moved aside first, which only one of them can do, and put back if it is alive after all.
 */
async function removeStale(address: string): Promise<void> {
  const aside = `${address}.${randomUUID().slice(0, 8)}`;
  const moved = await rename(address, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if (await isAlive(aside)) await rename(aside, address);
  else await rm(aside, { force: true });
}

/** Whether anybody answers at an address, or is too busy to. */
async function isAlive(address: string): Promise<boolean> {
  const socket = connect({ path: address });
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== "ECONNREFUSED" && code !== "ENOENT" && code !== "ENOTSOCK";
  } finally {
    socket.destroy();
  }
}

function unusable(address: string, error: unknown): HostError {
  return new HostError("CONTROL_UNUSABLE", { address, reason: messageOf(error) }, { cause: error });
}
