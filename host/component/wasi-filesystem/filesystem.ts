import { basename } from "node:path";
import type { FolderGrant } from "../../config/settings.ts";
import type { WasiResources } from "../wasi-resources.ts";
import { Descriptor } from "./descriptor.ts";
import { DirectoryEntryStream } from "./directory-entries.ts";
import { FileError } from "./fs-error.ts";
import { OpenFiles } from "./open-files.ts";

/**
 * `wasi:filesystem` for one instance: the folders that were granted, each below "/" by its own name ("/srv/data"
 * is "/data"). Nothing else is there, wherever links lead.
 *
 * What one instance has open is limited, what it reads or writes at once, too; not how much it writes in all.
 */
export function createFilesystem(
  resources: WasiResources,
  folders: readonly FolderGrant[],
): Record<string, object> {
  const files = new OpenFiles(resources);
  const open = ({ path, access }: FolderGrant) =>
    new Descriptor(files, files.openGranted(path), {
      type: "directory",
      read: true,
      write: access === "write",
    });
  const names = guestNames(folders);
  return {
    "wasi:filesystem/preopens": {
      getDirectories: () => folders.map((folder, i) => [open(folder), names[i]]),
    },
    "wasi:filesystem/types": {
      Descriptor,
      DirectoryEntryStream,
      filesystemErrorCode: (error: unknown) => (error instanceof FileError ? error.code : undefined),
    },
  };
}

/** Two folders of one name are told apart by a number: "/data", "/data-2". */
function guestNames(folders: readonly FolderGrant[]): string[] {
  const names: string[] = [];
  for (const { path } of folders) {
    const own = `/${basename(path)}`;
    let name = own;
    for (let number = 2; names.includes(name); number++) name = `${own}-${number}`;
    names.push(name);
  }
  return names;
}
