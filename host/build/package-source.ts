import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { packageRoot, packageVersion } from "../core/package-root.ts";
import { resolveSdk } from "./as-project.ts";

/** What a new plugin's `package.json` and `Cargo.toml` say of where this package and its SDKs come from. */
export interface PackageSource {
  /** Of `tusk-host`, for npm: "^0.1.0", or "file:" and its folder. */
  readonly host: string;
  /** Of `tusk-plugin-as`. */
  readonly sdk: string;
  /** The folder of the Rust SDK from that of the plugin, with "/". */
  readonly rustSdk: string;
}

/**
 * What was installed from a registry is named by its version, and comes with `npm install`. All else, a tarball,
 * a clone, is found on no registry, so the plugin takes it from where it is.
 *
 * @param folder The plugin's real path.
 * @param ours That of this package.
 */
export async function resolvePackageSource(
  folder: string,
  ours: string = packageRoot,
): Promise<PackageSource> {
  const version = `^${packageVersion}`;
  const [fromRegistry, sdk] = [await isFromRegistry(ours), resolveSdk(ours)];
  const installed = join(folder, "node_modules", "tusk-host");
  // One that the folder sees is the one that npm finds, too.
  const [installedFor] = ours.split(`${sep}node_modules${sep}`);
  const seen = !fromRegistry || `${folder}${sep}`.startsWith(`${installedFor}${sep}`);
  return {
    host: fromRegistry ? version : `file:${posix(relative(folder, ours))}`,
    sdk: (await isFromRegistry(sdk)) ? version : `file:${posix(relative(folder, sdk))}`,
    rustSdk: posix(relative(folder, join(seen ? ours : installed, "examples/rust/sdk"))),
  };
}

/** npm keeps beside what it has installed where each package came from. It keeps nothing of global packages. */
async function isFromRegistry(installed: string): Promise<boolean> {
  const packages = dirname(installed);
  const text = await readFile(join(packages, ".package-lock.json"), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  const lock = JSON.parse(text) as {
    packages?: Record<string, { resolved?: string; link?: true } | undefined>;
  };
  const entry = lock.packages?.[`${basename(packages)}/${basename(installed)}`];
  return entry !== undefined && entry.link !== true && !entry.resolved?.startsWith("file:");
}

function posix(path: string): string {
  return path.split(sep).join("/");
}
