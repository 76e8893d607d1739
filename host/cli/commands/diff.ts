import { Command } from "commander";
import { withExamples } from "../examples.ts";
import type { Session } from "../session.ts";

const EXAMPLES = [
  ["tusk diff plugins/api.wasm build/api.wasm", "what a new build has, wants and lost"],
  ["tusk diff old.wasm new.wasm --json | jq .permissions", "for programs"],
] as const;

/** `tusk diff`: tells in what two builds differ. */
export function createDiffCommand(session: Session): Command {
  const command = new Command("diff")
    .summary("tell in what two builds differ: 0 if in nothing, 1 if in something")
    .description("Tells in what two builds differ, without running any of them.")
    .argument("<old>", "a .wasm file")
    .argument("<new>", "a .wasm file")
    .action(async (before: string, after: string) => {
      const { diff } = await import("../actions/diff.ts");
      await diff(session, before, after);
    });
  return withExamples(command, EXAMPLES);
}
