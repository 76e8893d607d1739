import { Command } from "commander";
import type { VerifyOptions } from "../actions/verify.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk verify build/api.wasm --key acme.pub", "whether this key signed all of it"],
  ["tusk verify build/api.wasm", "the same for the keys of tusk.json or tusk.tsk"],
  ["tusk verify build/api.wasm --plugin api", "and whether they may sign a plugin of this name"],
] as const;

/** `tusk verify`: tells who signed a file. */
export function createVerifyCommand(session: Session): Command {
  const command = new Command("verify")
    .summary("tell whether a .wasm file is signed with a key that is trusted")
    .description("Tells who signed a component or core module: in it, in FILE.sig, or in FILE.minisig.")
    .argument("<file>", "a .wasm file")
    .option("--key <file...>", "public keys; by default those in the settings")
    .option(
      "--config <file>",
      "settings, a .json or .tsk file (default: tusk.json or tusk.tsk of this folder)",
    )
    .option("--plugin <name>", "the plugin that it is to be")
    .action(async (file: string, options: VerifyOptions) => {
      const { verify } = await import("../actions/verify.ts");
      await verify(session, file, options);
    });
  return withExamples(command, EXAMPLES);
}
