import type { ConfinedFolder } from "../confined-folder.ts";
import { Refusal } from "../refusal.ts";
import type { Operator, OperatorCall } from "./operator.ts";

/** Files in the folder of the settings. */
export const FILE_OPERATORS: Readonly<Record<string, Operator>> = {
  "file.read": {
    least: 1,
    most: 1,
    usage: '@file.read("name.txt")',
    run: async (call) => folderOf(call).read(await call.text(0)),
  },
  "file.exists": {
    least: 1,
    most: 1,
    usage: '@file.exists("name.txt")',
    run: async (call) => folderOf(call).exists(await call.text(0)),
  },
};

function folderOf({ world }: OperatorCall): ConfinedFolder {
  if (world.folder) return world.folder;
  throw new Refusal("These settings came from no folder, so that they can read no files.");
}
