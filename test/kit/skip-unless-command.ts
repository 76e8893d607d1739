import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Why a test that needs a program is skipped here, or nothing. In CI that is a failure, and nothing is skipped. */
export function skipUnlessCommand(name: string, debianPackage: string): string | false {
  if (process.env["CI"] !== undefined) return false;
  // Debian keeps servers where only root looks for them.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  const found = folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ? false : `${name} is missing: "apt-get install ${debianPackage}"`;
}
