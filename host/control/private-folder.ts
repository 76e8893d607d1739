import { lstat, mkdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { HostError } from "../core/error.ts";

/** Makes a folder that only its owner can enter, if there is none. @throws HostError CONTROL_UNUSABLE */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700, recursive: true });
  } catch (error) {
    const reason = `cannot be made: ${(error as Error).message}`;
    throw new HostError("CONTROL_UNUSABLE", { address: folder, reason }, { cause: error });
  }
  await verifyPrivateFolder(folder);
}

/**
 * Holds a folder to what makes a socket in it safe: whoever can enter it could speak to the host, and whoever can
 * write to it could pretend to be the host. A link is not followed: its place may be another's.
 *
 * @returns Whether the folder is there.
 * @throws HostError CONTROL_UNUSABLE when somebody else owns it, or may enter it
 */
export async function verifyPrivateFolder(folder: string): Promise<boolean> {
  const state = await lstat(folder).catch(() => undefined);
  if (!state) return false;
  const unusable = (reason: string) => new HostError("CONTROL_UNUSABLE", { address: folder, reason });
  if (!state.isDirectory()) throw unusable("is no folder");
  if (state.uid !== userInfo().uid) throw unusable("belongs to another user");
  if ((state.mode & 0o077) !== 0) throw unusable(`is open to others: make it yours alone with "chmod 700"`);
  return true;
}
