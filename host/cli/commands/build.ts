import { Command } from "commander";
import type { BuildCommandOptions } from "../actions/build.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk build", "the plugin in this folder"],
  ["tusk build plugins-as/api examples/rust/postgres", "several, one after the other"],
  ["tusk build my-plugin --out-file plugins/my-plugin.wasm", "right where tusk run watches"],
  ["tusk build --plain", "a core module, which the host makes a component of when it loads it"],
] as const;

/** `tusk build`: makes components of plugins' sources. */
export function createBuildCommand(session: Session): Command {
  const command = new Command("build")
    .summary("make components of plugins' sources")
    .description(
      "Makes a component of a plugin's sources, in AssemblyScript or Rust: build/NAME.wasm in its folder.",
    )
    .argument("[dirs...]", "folders of plugins (default: this one)")
    .option("--out-file <file>", "where to write what is built, of a single plugin")
    .option("--plain", "leave it the core module that the compiler made")
    .option("--force", "build although nothing has changed")
    .action(async (dirs: string[], options: BuildCommandOptions) => {
      const { build } = await import("../actions/build.ts");
      await build(session, dirs.length > 0 ? dirs : ["."], options);
    });
  return withExamples(command, EXAMPLES);
}
