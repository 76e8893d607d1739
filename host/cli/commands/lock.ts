import { Command } from "commander";
import type { LockOptions } from "../actions/lock.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";
import { type SettingsOption, takesSettings } from "../settings-argument.ts";

const EXAMPLES = [
  ["tusk lock", "the builds of the plugins in tusk.json or tusk.tsk, as they are now"],
  ["tusk lock site.tsk --check", "whether they are still those, for CI"],
] as const;

/** `tusk lock`: writes down which builds are to be loaded, and no others. */
export function createLockCommand(session: Session): Command {
  const command = takesSettings(new Command("lock"))
    .summary("write down which builds of the plugins are to be loaded, and no others")
    .description(
      'Writes the hashes of the plugins, as they are now, to the file "trust.lock" of the settings.',
    )
    .option("--folder <dir>", "folder in which every .wasm is a plugin")
    .option("--check", "write nothing, and fail if something differs")
    .action(async (config: string | undefined, options: LockOptions & SettingsOption) => {
      const { lock } = await import("../actions/lock.ts");
      await lock(session, config ?? options.config, options);
    });
  return withExamples(command, EXAMPLES);
}
