import type { Command } from "commander";

/** What says on which settings a command goes: its argument, or the option by which other commands take them. */
export interface SettingsOption {
  readonly config?: string;
}

/** Gives a command that is about all plugins of some settings the argument `[config]`, and `--config` as well. */
export function takesSettings(command: Command): Command {
  return command
    .argument("[config]", "settings, a .json or .tsk file (default: tusk.json or tusk.tsk of this folder)")
    .option("--config <file>", "the same, as commands that name a plugin take it");
}
