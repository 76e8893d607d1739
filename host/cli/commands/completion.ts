import { Argument, Command } from "commander";
import { completeWords } from "../complete-words.ts";
import { COMPLETION_SCRIPTS } from "../completion-scripts.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["source <(tusk completion bash)", "in ~/.bashrc"],
  ["source <(tusk completion zsh)", "in ~/.zshrc, after compinit"],
  ["tusk completion fish | source", "in ~/.config/fish/config.fish"],
] as const;

/** `tusk completion`: prints what makes a shell complete commands, options and names of plugins. */
export function createCompletionCommand({ output }: Session): Command {
  const shells = Object.keys(COMPLETION_SCRIPTS);
  const command = new Command("completion")
    .summary("print what makes a shell complete commands")
    .description("Prints a script that makes a shell complete commands, options and names of plugins.")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .action((shell: keyof typeof COMPLETION_SCRIPTS) => {
      output.line(COMPLETION_SCRIPTS[shell].trimEnd());
    });
  return withExamples(command, EXAMPLES);
}

/** What those scripts ask: words as far as they are typed, and what the last may become, one a line. */
export function createCompleteCommand({ output }: Session): Command {
  return new Command("__complete")
    .argument("[words...]")
    .action(async (words: string[], _: object, command: Command) => {
      if (!command.parent) return;
      for (const candidate of await completeWords(command.parent, words)) output.line(candidate);
    });
}
