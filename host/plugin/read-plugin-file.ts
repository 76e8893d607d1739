import { readRegularFile } from "../core/read-regular-file.ts";

/** What is larger is no plugin: it would only fill the host's memory. */
const MAX_FILE_BYTES = 256 * 2 ** 20;

/** Reads the file of a plugin. Whoever can write to the folder may have put anything there in its place. */
export function readPluginFile(path: string): Promise<Buffer> {
  return readRegularFile(path, MAX_FILE_BYTES);
}
