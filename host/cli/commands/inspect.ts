import { Command } from "commander";
import type { InspectOptions } from "../actions/inspect.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk inspect build/api.wasm", "what it can do, and what it asks for"],
  ["tusk inspect --permissions build/api.wasm", "what to write into settings to grant that"],
  ["tusk inspect --json build/api.wasm | jq .plugin.permissions", "for programs"],
] as const;

/** `tusk inspect`: tells what a file says of itself, without running any of it. */
export function createInspectCommand(session: Session): Command {
  const command = new Command("inspect")
    .summary("tell what a .wasm file can do and what it asks for")
    .description("Tells what a .wasm file can do and what it asks for, without running any of it.")
    .argument("<file>", "a .wasm file")
    .option("--permissions", "only what it asks for, and the settings that grant it")
    .action(async (file: string, options: InspectOptions) => {
      const { inspect } = await import("../actions/inspect.ts");
      await inspect(session, file, options);
    });
  return withExamples(command, EXAMPLES);
}
