import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";

/** What `tusk test --json` prints of a plugin. */
export interface TestDocument {
  readonly plugin: string;
  readonly passed: boolean;
  readonly checks: readonly { readonly name: string; readonly failure?: { readonly message: string } }[];
}

const NICENESS = 10;

/**
 * Runs `tusk test` on a component, in a process of its own that gives way to whatever else runs here.
 *
 * @param config The file with the plugin's settings, if there is one.
 * @returns What was found, or why nothing was; undefined if it was ended by `signal`, or with this process.
 */
export async function testApart(
  file: string,
  config: string | undefined,
  signal: AbortSignal,
): Promise<TestDocument | Error | undefined> {
  // The command's module has the extension that this one has: `.ts` in the repository, `.js` when published.
  const command = join(import.meta.dirname, `main${extname(import.meta.filename)}`);
  const args = [command, "test", "--json", ...(config === undefined ? [] : ["--config", config]), file];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  const { promise: ended, resolve, reject } = Promise.withResolvers<NodeJS.Signals | null>();
  child.once("error", reject).once("close", (_, endedBy) => resolve(endedBy));
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS);
    const [endedBy, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (signal.aborted || endedBy !== null) return undefined;
    const [report] = stdout === "" ? [] : (JSON.parse(stdout) as TestDocument[]);
    return report ?? new Error(stderr.trim());
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
