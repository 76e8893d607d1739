import { systemClock } from "../core/clock.ts";
import { quote } from "../core/error-codes.ts";
import { Budget } from "./budget.ts";
import { ConfinedFolder } from "./confined-folder.ts";
import { readJson, type StringMeaning } from "./json-reader.ts";
import type { JsonObject, JsonValue } from "./json-value.ts";
import type { World } from "./operators/operator.ts";
import type { ProblemList } from "./problem-list.ts";
import { AlreadyReported, Refusal } from "./refusal.ts";
import type { SettingsOptions } from "./settings-options.ts";
import { Source } from "./source.ts";
import { Evaluator } from "./tsk/evaluator.ts";
import { parseDocument } from "./tsk/parse-document.ts";

const MAX_FILES_DEEP = 16;

const asItStands: StringMeaning = (content, place) => ({
  kind: "literal",
  value: content.characters,
  place,
});

/** What settings can see while they are worked out, by the options of whoever reads them. */
export class SettingsWorld implements World {
  readonly env;
  readonly clock;
  readonly grants;
  readonly cache;
  readonly folder: ConfinedFolder | undefined;
  readonly secrets = new Set<string>();
  readonly budget = new Budget();
  readonly problems: ProblemList;
  readonly #files = new Map<string, JsonObject>();
  /** The files that are being worked out, each for the one before it. */
  readonly #open: string[];

  /** `file` is the name, in its folder, of the file that the settings are in. */
  constructor(options: SettingsOptions, problems: ProblemList, file?: string) {
    this.env = options.env ?? {};
    this.clock = options.clock ?? systemClock;
    this.grants = options;
    this.cache = options.cache ?? new Map();
    this.folder = options.baseFolder === undefined ? undefined : new ConfinedFolder(options.baseFolder);
    this.problems = problems;
    this.#open = file === undefined ? [] : [file];
  }

  async decodeJson(text: string): Promise<JsonValue> {
    const source = new Source(text);
    try {
      const value = await this.evaluator().value(readJson(source, asItStands));
      if (value === undefined) throw new AlreadyReported();
      return value;
    } catch (error) {
      if (!(error instanceof Refusal) || !error.place) throw error;
      const { line, column } = source.positionAt(error.place.offset);
      throw new Refusal(`This text is no JSON (line ${line}, column ${column}): ${error.message}`);
    }
  }

  async readTsk(file: string): Promise<JsonObject> {
    if (!this.folder)
      throw new Refusal("These settings came from no folder, so that they can read no files.");
    const known = this.#files.get(file);
    if (known) return known;
    const chain = [...this.#open, file];
    if (this.#open.includes(file))
      throw new Refusal(
        `Files need each other in a circle: ${chain.map((name) => quote(name)).join(" → ")}.`,
      );
    if (chain.length > MAX_FILES_DEEP)
      throw new Refusal(`More than ${MAX_FILES_DEEP} files need each other in a row.`);
    const source = new Source(await this.folder.read(file), file);
    this.#open.push(file);
    try {
      const before = this.problems.total;
      const value = await this.evaluator().document(parseDocument(source, this.problems));
      if (this.problems.total > before) throw new AlreadyReported();
      this.#files.set(file, value);
      return value;
    } finally {
      this.#open.pop();
    }
  }

  evaluator(): Evaluator {
    return new Evaluator(this, this.budget, this.problems);
  }
}
