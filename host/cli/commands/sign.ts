import { Command } from "commander";
import type { SignOptions } from "../actions/sign.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk sign build/api.wasm --key acme.key --as api@1.2.0", "for one plugin and version"],
  ["tusk sign build/api.wasm --key acme.key --detached", "into build/api.wasm.sig"],
  ["tusk sign build/api.wasm --key ~/.ssh/id_ed25519", "with a key of OpenSSH"],
] as const;

/** `tusk sign`: signs a component or core module. */
export function createSignCommand(session: Session): Command {
  const command = new Command("sign")
    .summary("sign a .wasm file, as wasmsign2 does")
    .description("Signs a component or core module. Signatures that it has already are kept.")
    .argument("<file>", "a .wasm file")
    .requiredOption("--key <file>", "secret key: raw as wasmsign2 writes it, PEM, or OpenSSH")
    .option("--as <name@version>", "write into the file for which plugin and version it is")
    .option("--detached", "leave the file alone, and write the signature to FILE.sig")
    .option("--out-file <file>", "where to write; the file itself by default")
    .option("--no-key-id", "do not name the key in the signature")
    .action(async (file: string, options: SignOptions) => {
      const { sign } = await import("../actions/sign.ts");
      await sign(session, file, options);
    });
  return withExamples(command, EXAMPLES);
}
