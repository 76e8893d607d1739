import { Command } from "commander";
import type { DevOptions } from "../actions/dev.ts";
import { withExamples } from "../examples.ts";
import { parsePort } from "../parse-port.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk dev", "the plugin in this folder, with the settings in its tusk.json"],
  ["tusk dev my-plugin --port 3000", "another one, on another port"],
  ["tusk dev --release --no-test", "optimised as tusk build does it, and untested"],
  ["tusk dev --json | jq 'select(.event == \"built\")'", "one JSON object a line"],
] as const;

/** `tusk dev`: serves a plugin while it is written. */
export function createDevCommand(session: Session): Command {
  const command = new Command("dev")
    .summary("serve a plugin while you write it")
    .description(
      "Builds a plugin each time its sources change, swaps it in a host that serves it, and runs what tusk test does beside that. A build that fails is told with its lines; the one before it serves on.",
    )
    .argument("[dir]", "folder of the plugin", ".")
    .option("--config <file>", "settings to serve it with (default: the folder's tusk.json, if it names it)")
    .option(
      "--port <n>",
      "port to listen on, 0 is any free one (default: that of the settings, or 8080)",
      parsePort,
    )
    .option("--host <address>", "address to listen on (default: that of the settings, or 127.0.0.1)")
    .option("--release", "optimise as tusk build does, which takes longer")
    .option("--no-test", "do not test what was built")
    .action(async (dir: string, options: DevOptions) => {
      const { dev } = await import("../actions/dev.ts");
      await dev(session, dir, options);
    });
  return withExamples(command, EXAMPLES);
}
