import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * Reads a file that anybody may have put in its place: a pipe would never end, and neither would a device.
 *
 * @throws Error with a code, as those of the file system have one; EINVAL when it is no file, or has more than
 * `maxBytes`.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<Buffer> {
  // To open a pipe in the ordinary way is to wait for whoever writes to it.
  await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const found = await file.stat();
  if (!found.isFile()) throw notReadable("it is no file");
  if (found.size > maxBytes) throw notReadable(`it has ${found.size} bytes, and ${maxBytes} is the most`);
  return await file.readFile();
}

function notReadable(reason: string): Error {
  return Object.assign(new Error(reason), { code: "EINVAL" });
}
