import { once } from "node:events";
import { chmod, mkdir, rm, stat } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { HostError, messageOf } from "../core/error.ts";
import { makePrivateFolder } from "./private-folder.ts";

/** Between two looks at whether another host is done with claiming. */
const PAUSE_MS = 10;

/** Claiming takes milliseconds: whoever has not finished by then was killed. */
const STALE_MS = 5_000;

/**
 * Has a server listen at an address that no other host holds. What a host that died has left there is replaced.
 *
 * @throws HostError CONTROL_TAKEN when another host listens there
 * @throws HostError CONTROL_UNUSABLE when nobody can
 */
export async function claimSocket(server: Server, address: string): Promise<void> {
  try {
    if (address.startsWith("\\\\")) return await claim(server, address);
    await makePrivateFolder(dirname(address));
    return await oneAfterTheOther(address, async () => {
      await claim(server, address, () => rm(address, { force: true }));
      await chmod(address, 0o600);
    });
  } catch (error) {
    throw HostError.is(error) ? error : unusable(address, error);
  }
}

/** @param removeDead Takes away what nobody answers at. Pipes of Windows end with their process. */
async function claim(server: Server, address: string, removeDead?: () => Promise<void>): Promise<void> {
  try {
    await listen(server, address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    if (!removeDead || (await isAlive(address))) throw new HostError("CONTROL_TAKEN", { address });
    await removeDead();
    await listen(server, address);
  }
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen({ path });
  await once(server, "listening");
}

/**
 * Hosts that look at an address at the same time would each take the dead socket away, and with it that of the first
 * one who has put its own there. So a folder, which only one of them can make, stands for the turn.
 */
async function oneAfterTheOther(address: string, work: () => Promise<void>): Promise<void> {
  const turn = `${address}.claim`;
  while (!(await isMade(turn))) {
    const { mtimeMs } = await stat(turn).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > STALE_MS) await rm(turn, { recursive: true, force: true });
    else await setTimeout(PAUSE_MS);
  }
  try {
    await work();
  } finally {
    await rm(turn, { recursive: true, force: true });
  }
}

/** Whether a folder was made now: it was not there before. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
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
