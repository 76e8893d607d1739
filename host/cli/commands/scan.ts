import { Command, Option } from "commander";
import type { ScanOptions } from "../actions/scan.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk scan build/api.wasm", "what is worth knowing about it before it runs"],
  ["tusk scan plugins/*.wasm --sarif > scan.sarif", "for code hosts and editors"],
  ["tusk scan build/api.wasm --fail-on warning", "for CI"],
] as const;

/** `tusk scan`: tells what static inspection finds in a file. */
export function createScanCommand(session: Session): Command {
  const command = new Command("scan")
    .summary("tell what is worth knowing about a .wasm file before it runs")
    .description("Looks for what is unusual in a .wasm file, without running any of it.")
    .argument("<files...>", ".wasm files")
    .option("--sarif", "print as SARIF 2.1.0")
    .addOption(
      new Option("--fail-on <severity>", "from which severity on to end with 1")
        .choices(["error", "warning", "note"])
        .default("error"),
    )
    .action(async (files: string[], options: ScanOptions) => {
      const { scan } = await import("../actions/scan.ts");
      await scan(session, files, options);
    });
  return withExamples(command, EXAMPLES);
}
