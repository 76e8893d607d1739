import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

/** What a command that ran to its end said. */
interface CommandResult {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The variables that a command sees. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface CommandOptions {
  /** Is told each line that the command prints to its standard error, as it does. */
  readonly onErrorLine?: ((line: string) => void) | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a command without a shell and without input. Resolves with undefined when there is no such command. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: Environment,
  { onErrorLine, signal }: CommandOptions = {},
): Promise<CommandResult | undefined> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const end = () => void child.kill();
  signal?.addEventListener("abort", end, { once: true });
  if (onErrorLine) createInterface(child.stderr).on("line", onErrorLine);
  const { promise: code, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject).once("close", resolve);
  try {
    const [exitCode, stdout, stderr] = await Promise.all([code, text(child.stdout), text(child.stderr)]);
    return { code: exitCode, stdout, stderr };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
