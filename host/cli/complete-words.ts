import { basename } from "node:path";
import type { Argument, Command, Option } from "commander";
import { CAPABILITY_INTERFACES } from "../component/contract/exports.ts";
import type { Functions } from "../component/contract/function.ts";
import { pluginFilesIn } from "../plugin/watcher.ts";
import { findSettings } from "./find-settings.ts";

const INTERFACES: Readonly<Record<string, Functions>> = CAPABILITY_INTERFACES;

/**
 * What the last of the words after `tusk` may become: commands, options, what options take, names of plugins,
 * capabilities and functions. Nothing where it is a file: shells know about those.
 *
 * @param words The last may be empty, or the beginning of one.
 */
export async function completeWords(program: Command, words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? "";
  const candidates = await candidatesFor(program, words.slice(0, -1), typed);
  return candidates.filter((candidate) => candidate.startsWith(typed));
}

async function candidatesFor(
  program: Command,
  before: readonly string[],
  typed: string,
): Promise<readonly string[]> {
  const [name, ...given] = before;
  const shown = program.commands.filter((command) => !isHidden(command));
  const command = shown.find((known) => known.name() === name);
  if (name === undefined && !typed.startsWith("-")) return shown.map((known) => known.name());
  const { options } = command ?? program;
  if (name !== undefined && !command) return [];
  const taking = options.find((option) => option.required && isFlagOf(option, given.at(-1)));
  if (taking) return valuesOf(taking);
  if (typed.startsWith("-")) return [...options.flatMap(flagsOf), "-h", "--help"];
  return command ? valuesOfArgument(command, given) : [];
}

function isHidden(command: Command): boolean {
  return command.name().startsWith("_");
}

function flagsOf({ short, long }: Option): string[] {
  return [short, long].filter((flag) => flag !== undefined);
}

function isFlagOf(option: Option, word: string | undefined): boolean {
  return word !== undefined && flagsOf(option).includes(word);
}

function valuesOf({ argChoices, long }: Option): readonly string[] {
  if (long !== "--function") return argChoices ?? [];
  return Object.entries(INTERFACES).flatMap(([capability, functions]) =>
    Object.keys(functions).map((name) => `${capability}.${name}`),
  );
}

async function valuesOfArgument(command: Command, given: readonly string[]): Promise<readonly string[]> {
  const values = positional(command, given);
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument: Argument | undefined =
    registeredArguments[values.length] ?? (last?.variadic ? last : undefined);
  if (!argument) return [];
  if (argument.argChoices) return argument.argChoices;
  switch (argument.name()) {
    case "plugin":
    case "plugins":
      return pluginNames(valueAfter("--config", given));
    case "capability":
      return Object.keys(INTERFACES);
    case "function":
      return Object.keys(INTERFACES[values.at(-1) ?? ""] ?? {});
    default:
      return [];
  }
}

/** What was given that is neither an option nor what one takes. */
function positional(command: Command, given: readonly string[]): string[] {
  const isTaken = (at: number) =>
    command.options.some((option) => option.required && isFlagOf(option, given[at - 1]));
  return given.filter((word, at) => !word.startsWith("-") && !isTaken(at));
}

function valueAfter(flag: string, given: readonly string[]): string | undefined {
  const at = given.indexOf(flag);
  return at < 0 ? undefined : given[at + 1];
}

/** The plugins that the settings name, and those in their folder. Whatever is wrong with the settings is told elsewhere. */
async function pluginNames(config: string | undefined): Promise<string[]> {
  try {
    const settings = await findSettings(config, {});
    const files = await pluginFilesIn(settings.folder);
    return [...new Set([...Object.keys(settings.plugins), ...files.map((file) => basename(file, ".wasm"))])];
  } catch {
    return [];
  }
}
