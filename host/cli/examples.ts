import type { Command } from "commander";

/** Adds examples, each with what it is for, below the help of a command. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [line: string, what: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
