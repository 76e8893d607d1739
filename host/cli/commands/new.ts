import { Command, Option } from "commander";
import { SCAFFOLD_LANGUAGES, SCAFFOLDS } from "../../build/scaffold.ts";
import type { NewCommandOptions } from "../actions/new.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk new greeter", "an HTTP plugin in AssemblyScript"],
  ["tusk new ledger --lang rust --capability database", "a database plugin in Rust"],
  ["tusk new doorman --capability auth --dir plugins/doorman", "somewhere else"],
] as const;

/** `tusk new`: begins a plugin. */
export function createNewCommand(session: Session): Command {
  const languages = Object.keys(SCAFFOLD_LANGUAGES);
  const command = new Command("new")
    .summary("begin a plugin")
    .description("Writes a plugin that builds, passes its tests and runs as it is, for you to change.")
    .argument("<name>", "lower-case words joined by -")
    .addOption(new Option("--lang <language>", "what it is written in").choices(languages).default("as"))
    .addOption(
      new Option("--capability <capability>", "what it is for").choices([...SCAFFOLDS]).default("http"),
    )
    .option("--dir <folder>", "where to (default: a new folder of its name)")
    .action(async (name: string, options: NewCommandOptions) => {
      const { newPlugin } = await import("../actions/new.ts");
      await newPlugin(session, name, options);
    });
  return withExamples(command, EXAMPLES);
}
