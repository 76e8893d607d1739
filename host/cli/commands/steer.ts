import { Command } from "commander";
import type { Steering } from "../../control/host-control.ts";
import type { SteerOptions } from "../actions/steer.ts";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

/** `tusk reload`: has the host that runs read a plugin's file again. */
export function createReloadCommand(session: Session): Command {
  return createSteeringCommand(
    session,
    "reload",
    "take the build in a plugin's file, now",
    "Has the host that runs on these settings read a plugin's file again, and swap the plugin if the file holds another " +
      "build: also one that a rollback passes over. Fails with the reason if it is not taken; what served goes on.",
  ).option("--older", "take it also if its version is older than the one that was trusted last");
}

/** `tusk rollback`: has the host that runs bring back the build before. */
export function createRollbackCommand(session: Session): Command {
  return createSteeringCommand(
    session,
    "rollback",
    "bring back the build that a plugin served before",
    "Has the host that runs on these settings bring back a build that a plugin has served before, the last one if nothing " +
      "else is said, also where the plugin has failed. What its file holds is not taken again until it changes, or by " +
      "reload. `tusk status` says which builds are kept.",
  ).option("--to <build>", "its version, or the beginning of its hash");
}

/** `tusk disable`: has the host that runs end a plugin. */
export function createDisableCommand(session: Session): Command {
  return createSteeringCommand(
    session,
    "disable",
    "end a plugin until it is enabled",
    "Has the host that runs on these settings end a plugin once its calls have ended, until it is enabled or the host is " +
      "started anew. Fails if others that serve cannot do without it.",
  );
}

/** `tusk enable`: has the host that runs start a plugin that is disabled. */
export function createEnableCommand(session: Session): Command {
  return createSteeringCommand(
    session,
    "enable",
    "start a plugin that is disabled",
    "Has the host that runs on these settings start a plugin that is disabled, by disable or by its settings, and those " +
      "that could not start without it.",
  );
}

function createSteeringCommand(
  session: Session,
  steering: Steering,
  summary: string,
  description: string,
): Command {
  const command = new Command(steering)
    .summary(summary)
    .description(description)
    .argument("<plugin>", "name of the plugin")
    .option("--config <file>", "settings of the host: tusk.json or tusk.tsk of this folder by default")
    .option("--folder <dir>", "its folder of plugins, if it was started with one")
    .action(async (plugin: string, options: SteerOptions) => {
      const { steer } = await import("../actions/steer.ts");
      await steer(session, steering, plugin, options);
    });
  return withExamples(command, [
    [`tusk ${steering} api`, "in the host that runs on the settings of this folder"],
    [`tusk ${steering} api --config site.tsk --json`, "in another, for programs"],
  ]);
}
