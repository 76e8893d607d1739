import { createHash } from "node:crypto";
import { posix } from "node:path";
import { HostError } from "../core/error.ts";

/** What tells the hosts of one user from each other. */
interface HostIdentity {
  /** The real path of the settings file; undefined if there is none. */
  readonly file: string | undefined;
  /** The absolute path of the folder of plugins, if that is not left to the settings. */
  readonly folder: string | undefined;
}

/** The machine, as far as it decides where a control socket is. */
export interface ControlWorld {
  readonly platform: NodeJS.Platform;
  /** XDG_RUNTIME_DIR. */
  readonly runtimeFolder: string | undefined;
  readonly temporaryFolder: string;
  /** Anything that only this user has: an id, or a name. */
  readonly user: string | number;
}

/** In bytes; a name that is longer is cut off by some systems, and refused by others. */
const LONGEST_PATH = 103;

/**
 * Where a host is to be spoken to: the path of a Unix socket in a folder of the user's own, or the name of a pipe
 * on Windows. The same identity gives the same address.
 *
 * @throws HostError CONTROL_UNUSABLE when the path would be too long for a socket
 */
export function controlAddress({ file, folder }: HostIdentity, world: ControlWorld): string {
  const { platform, runtimeFolder, temporaryFolder, user } = world;
  const key = createHash("sha256")
    .update(JSON.stringify([file ?? null, folder ?? null]))
    .digest("hex")
    .slice(0, 16);
  if (platform === "win32") return `\\\\.\\pipe\\tusk-host-${user}-${key}`;
  const own =
    runtimeFolder !== undefined && posix.isAbsolute(runtimeFolder)
      ? posix.join(runtimeFolder, "tusk-host")
      : posix.join(temporaryFolder, `tusk-host-${user}`);
  const address = posix.join(own, `${key}.sock`);
  if (Buffer.byteLength(address) <= LONGEST_PATH) return address;
  const reason = `is longer than the ${LONGEST_PATH} bytes that a socket's path may have: set XDG_RUNTIME_DIR to a shorter one`;
  throw new HostError("CONTROL_UNUSABLE", { address, reason });
}
