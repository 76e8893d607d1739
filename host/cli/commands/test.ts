import { Command } from "commander";
import type { TestCommandOptions } from "../actions/test.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk test", "builds the plugin in this folder, and tests it with the settings in its tusk.json"],
  ["tusk test plugins/*.wasm", "built ones"],
  ["tusk test --junit report.xml", "for a build server"],
] as const;

/** `tusk test`: holds plugins against the contract, and makes their life hard. */
export function createTestCommand(session: Session): Command {
  const command = new Command("test")
    .summary("hold plugins against the contract")
    .description(
      "Runs plugins through their life, tries everything that they are capable of, and makes their life hard: no settings, failing services, little memory, no time.",
    )
    .argument(
      "[plugins...]",
      "folders of plugins, which are built, components, or names in tusk.json (default: this folder)",
    )
    .option(
      "--config <file>",
      "settings to test with (default: tusk.json beside the plugin, if there is one)",
    )
    .option("--junit <file>", "write a report in JUnit's form, too")
    .action(async (plugins: string[], options: TestCommandOptions) => {
      const { test } = await import("../actions/test.ts");
      await test(session, plugins.length > 0 ? plugins : ["."], options);
    });
  return withExamples(command, EXAMPLES);
}
