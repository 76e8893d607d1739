import { basename } from "node:path";
import { assembleSettings } from "./assemble-settings.ts";
import { collectSecrets } from "./collect-secrets.ts";
import { readJson, type StringMeaning } from "./json-reader.ts";
import { isJsonObject, type JsonValue } from "./json-value.ts";
import { readObject } from "./object-reader.ts";
import { formatPath, type Path } from "./path.ts";
import { ProblemList } from "./problem-list.ts";
import type { Report } from "./report.ts";
import { Refusal } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import type { SettingsInput } from "./settings-schema.ts";
import type { SettingsOptions } from "./settings-options.ts";
import { NOWHERE, Source, type Place } from "./source.ts";
import type { Evaluator, Places } from "./tsk/evaluator.ts";
import { OPERATOR_HOLE, Parser } from "./tsk/parser.ts";
import { parseDocument } from "./tsk/parse-document.ts";
import type { Expression } from "./tsk/syntax.ts";
import { SettingsWorld } from "./world.ts";

/**
 * The settings that a program has as an object. Operators in its texts are worked out, as in a file: put a
 * backslash before the @ of a text that must stay as it is. `input` is not changed, and not kept.
 *
 * @throws HostError SETTINGS_INVALID with everything that is wrong.
 */
export async function parseSettings(input: SettingsInput, options: SettingsOptions = {}): Promise<Settings> {
  const reading = new Reading(options);
  const { problems } = reading;
  const expression = readObject(input, reading.meaningOf, problems);
  return reading.finish((evaluator) => evaluator.value(expression));
}

/**
 * The settings in a text. `file` is what problems call it, and what no other file may read in turn.
 *
 * @throws HostError SETTINGS_INVALID with everything that is wrong, each with its line and a caret.
 */
export async function parseSettingsText(
  text: string,
  format: "json" | "tsk",
  options: SettingsOptions = {},
  file?: string,
): Promise<Settings> {
  const reading = new Reading(options, file);
  const source = new Source(text.replace(/^\ufeff/, ""), file ?? "settings");
  if (format === "tsk") {
    const document = parseDocument(source, reading.problems);
    return reading.finish((evaluator) => evaluator.document(document));
  }
  const expression = reading.attempt(() => readJson(source, reading.meaningOf));
  return reading.finish((evaluator) => evaluator.value(expression));
}

/** One reading of settings, from what was written to the result. */
class Reading {
  readonly problems = new ProblemList();
  readonly #world: SettingsWorld;
  readonly #options: SettingsOptions;
  readonly #file: string | undefined;

  constructor(options: SettingsOptions, file?: string) {
    this.#options = options;
    this.#file = file;
    this.#world = new SettingsWorld(options, this.problems, file === undefined ? undefined : basename(file));
  }

  /** A text of JSON or of an object may hold operators. */
  readonly meaningOf: StringMeaning = (content, place) => {
    if (!content.characters.includes("@")) return { kind: "literal", value: content.characters, place };
    return this.attempt(() => new Parser(content, this.problems).template(content, place, OPERATOR_HOLE));
  };

  /** What `read` gives; if it refuses, that goes to the problems. */
  attempt(read: () => Expression): Expression {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.problems.add([], error.message, error.place);
      return { kind: "literal", value: null, place: error.place ?? NOWHERE };
    }
  }

  /** Works out what was read, checks it and makes it complete. @throws HostError SETTINGS_INVALID */
  async finish(evaluate: (evaluator: Evaluator) => Promise<JsonValue | undefined>): Promise<Settings> {
    // Of what cannot be read in full, little can be said.
    this.#throwIfAny();
    const evaluator = this.#world.evaluator();
    const value = (await evaluate(evaluator)) ?? {};
    const { secrets, folder } = this.#world;
    const isHost = isJsonObject(value) && Object.hasOwn(value, "plugins");
    collectSecrets(value, isHost ? value["plugins"] : value, secrets);
    const origin = {
      file: this.#file,
      seen: folder?.seen ?? [],
      baseFolder: this.#options.baseFolder,
      folder: this.#options.folder,
      secrets,
    };
    const settings = assembleSettings(value, origin, this.#reportFor(evaluator));
    this.#throwIfAny();
    return settings;
  }

  #throwIfAny(): void {
    this.problems.throwIfAny(this.#file, this.#world.secrets);
  }

  #reportFor({ failed, places }: Evaluator): Report {
    const { problems } = this;
    const isUnknown = (path: Path) => path.some((_, i) => failed.has(formatPath(path.slice(0, i + 1))));
    return {
      isUnknown,
      problem(path, message, isName) {
        if (isUnknown(path)) return;
        const written = places.get(formatPath(path));
        problems.add(path, message, written ? written[isName ? "key" : "value"] : placeAround(path, places));
      },
      suggest: (word, known) => problems.suggest(word, known),
    };
  }
}

/** Where the innermost value stands that `path` is in. */
function placeAround(path: Path, places: ReadonlyMap<string, Places>): Place | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const around = places.get(formatPath(path.slice(0, length)));
    if (around) return around.key;
  }
  return undefined;
}
