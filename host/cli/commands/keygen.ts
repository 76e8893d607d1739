import { Command, Option } from "commander";
import type { KeygenOptions } from "../actions/keygen.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk keygen acme", "acme.key, which signs, and acme.pub, which verifies"],
  ["tusk keygen acme --format pem", "the same for openssl"],
] as const;

/** `tusk keygen`: makes a pair of keys to sign plugins with. */
export function createKeygenCommand(session: Session): Command {
  const command = new Command("keygen")
    .summary("make a pair of keys to sign plugins with")
    .description("Makes a pair of Ed25519 keys: NAME.key, which signs, and NAME.pub, which verifies.")
    .argument("<name>", "where: a path without ending")
    .addOption(new Option("--format <form>", "form of the files").choices(["raw", "pem"]).default("raw"))
    .action(async (name: string, options: KeygenOptions) => {
      const { keygen } = await import("../actions/keygen.ts");
      await keygen(session, name, options);
    });
  return withExamples(command, EXAMPLES);
}
