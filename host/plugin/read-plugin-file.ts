import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** What is larger is no plugin: it would only fill the host's memory. */
const MAX_FILE_BYTES = 256 * 2 ** 20;

/** Reads the file of a plugin. Whoever can write to the folder may have put anything there in its place. */
export async function readPluginFile(path: string): Promise<Buffer> {
  // To open a pipe in the ordinary way is to wait for whoever writes to it.
  await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const found = await file.stat();
  if (!found.isFile()) throw notReadable("it is no file");
  if (found.size > MAX_FILE_BYTES) {
    throw notReadable(`it has ${found.size} bytes, and ${MAX_FILE_BYTES} is the most`);
  }
  return await file.readFile();
}

function notReadable(reason: string): Error {
  // With a code, as the errors of the file system have one.
  return Object.assign(new Error(reason), { code: "EINVAL" });
}
