import { Command } from "commander";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";
import { type SettingsOption, takesSettings } from "../settings-argument.ts";

const EXAMPLES = [
  ["tusk status", "of the host that runs on tusk.json or tusk.tsk in this folder"],
  ["tusk status site.tsk --json | jq .rssBytes", "of another, for programs"],
] as const;

/** `tusk status`: tells how a host that runs does. */
export function createStatusCommand(session: Session): Command {
  const command = takesSettings(new Command("status"))
    .summary("tell how the host that runs does")
    .description("Tells how the host that runs on these settings does, and its plugins. Fails if none runs.")
    .option("--folder <dir>", "its folder of plugins, if it was started with one")
    .action(async (config: string | undefined, options: { folder?: string } & SettingsOption) => {
      const { status } = await import("../actions/status.ts");
      await status(session, { ...options, ...(config !== undefined && { config }) });
    });
  return withExamples(command, EXAMPLES);
}
