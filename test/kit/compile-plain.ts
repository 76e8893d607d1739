import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SDK = join(import.meta.dirname, "../../plugins-as/sdk/assembly");

/**
 * Compiles a plugin in AssemblyScript with nothing but the compiler's own command, as somebody does who does not
 * know `tusk build`; the SDK is where the compiler looks for packages. Nothing is done if nothing has changed.
 */
export async function compilePlain(folder: string, outFile: string): Promise<void> {
  const sources = [await newest(join(folder, "assembly")), await newest(SDK)];
  const built = await stat(outFile).catch(() => undefined);
  if (built && built.mtimeMs > Math.max(...sources)) return;
  const project = await mkdtemp(join(tmpdir(), "tusk-plain-"));
  try {
    await mkdir(join(project, "node_modules"));
    await symlink(SDK, join(project, "node_modules/tusk-plugin-as"));
    await symlink(join(folder, "assembly"), join(project, "assembly"));
    await mkdir(dirname(outFile), { recursive: true });
    const asc = fileURLToPath(new URL("../bin/asc.js", import.meta.resolve("assemblyscript/asc")));
    const args = [asc, "assembly/index.ts", "--outFile", outFile, "--optimizeLevel", "3"];
    await promisify(execFile)(process.execPath, args, { cwd: project });
  } finally {
    await rm(project, { recursive: true });
  }
}

async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const times = await Promise.all(entries.map(async (entry) => (await stat(join(folder, entry))).mtimeMs));
  return Math.max(...times);
}
