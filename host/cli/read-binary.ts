import { readFile } from "node:fs/promises";
import { HostError, messageOf } from "../core/error.ts";
import { quote } from "../core/error-codes.ts";

/** The bytes of a file that the command line names. @throws HostError USAGE_INVALID when it cannot be read */
export async function readBinary(file: string, command: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = missing
      ? `There is no file ${quote(file)}.`
      : `${quote(file)} cannot be read: ${messageOf(error)}.`;
    throw new HostError("USAGE_INVALID", { reason, command }, { cause: error });
  }
}
