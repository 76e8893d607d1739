import type { JsonObject } from "../../../host/config/json-value.ts";
import { ProblemList } from "../../../host/config/problem-list.ts";
import type { SettingsOptions } from "../../../host/config/settings-options.ts";
import { Source } from "../../../host/config/source.ts";
import { parseDocument } from "../../../host/config/tsk/parse-document.ts";
import { SettingsWorld } from "../../../host/config/world.ts";

/** What a `.tsk` text comes to, whether it is settings or not. @throws HostError SETTINGS_INVALID */
export async function evaluateTsk(text: string, options: SettingsOptions = {}): Promise<JsonObject> {
  const problems = new ProblemList();
  const world = new SettingsWorld(options, problems, "test.tsk");
  const document = parseDocument(new Source(text, "test.tsk"), problems);
  const value = await world.evaluator().document(document);
  problems.throwIfAny("test.tsk", world.secrets);
  return value;
}
