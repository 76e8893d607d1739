import { Command } from "commander";
import { withExamples } from "../examples.ts";
import type { LoadOptions } from "../find-settings.ts";
import type { Session } from "../session.ts";
import { type SettingsOption, takesSettings } from "../settings-argument.ts";

const EXAMPLES = [
  ["tusk doctor", "what this folder needs"],
  ["tusk doctor site.tsk", "with other settings"],
  ["tusk doctor --json | jq '.findings[] | select(.state == \"wrong\")'", "for programs"],
] as const;

/** `tusk doctor`: looks at tools, settings and folders. */
export function createDoctorCommand(session: Session): Command {
  const command = takesSettings(new Command("doctor"))
    .summary("see whether all that is needed is there")
    .description(
      "Looks at Node, the compilers, the settings, the plugins' files and the folders, and names the command that mends what is wrong. Fails if something is.",
    )
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--cache-dir <dir>", "where compiled plugins are kept")
    .action(async (config: string | undefined, options: LoadOptions & SettingsOption) => {
      const { doctor } = await import("../actions/doctor.ts");
      await doctor(session, config ?? options.config, options);
    });
  return withExamples(command, EXAMPLES);
}
