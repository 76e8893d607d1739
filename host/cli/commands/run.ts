import { Command } from "commander";
import type { RunOptions } from "../actions/run.ts";
import { withExamples } from "../examples.ts";
import { parsePort } from "../parse-port.ts";
import type { Session } from "../session.ts";
import { type SettingsOption, takesSettings } from "../settings-argument.ts";

const EXAMPLES = [
  ["tusk run", "tusk.json or tusk.tsk in this folder, else every plugin in plugins/"],
  ["tusk run site.tsk --port 3000", "other settings, another port"],
  ["tusk run --folder build --no-watch", "every plugin in build/, as they are now"],
  ["tusk run --json | jq 'select(.event == \"swapped\")'", "one JSON object a line"],
] as const;

/** `tusk run`: serves plugins until it is told to end. */
export function createRunCommand(session: Session): Command {
  const command = takesSettings(new Command("run"))
    .summary("load plugins, serve HTTP, and swap plugins when their files change")
    .description("Loads plugins, serves their routes, and swaps a plugin when its file changes.")
    .option(
      "--port <n>",
      "port to listen on, 0 is any free one (default: that of the settings, or 8080)",
      parsePort,
    )
    .option("--host <address>", "address to listen on (default: that of the settings, or 127.0.0.1)")
    .option("--admin-port <n>", "port for /health, /ready and /metrics, to this machine alone", parsePort)
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .option("--no-watch", "leave plugins alone when their files change")
    .option("--no-control", "open no control socket: no tusk reload, rollback, disable, enable, status, logs")
    .option("--access-log", "tell every request, not only those that failed")
    .action(async (config: string | undefined, options: RunOptions & SettingsOption) => {
      const { run } = await import("../actions/run.ts");
      await run(session, config ?? options.config, options);
    });
  return withExamples(command, EXAMPLES);
}
