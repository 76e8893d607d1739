import type { Clock } from "../../core/clock.ts";
import type { ConfinedFolder } from "../confined-folder.ts";
import type { JsonObject, JsonValue } from "../json-value.ts";
import type { CachedValue, OperatorGrants } from "../settings-options.ts";

/** An `@name(…)` of TuskLang. */
export interface Operator {
  readonly least: number;
  /** How many arguments it takes at most. */
  readonly most: number;
  /** How it is written: `@if(condition, value, otherwise)`. */
  readonly usage: string;
  /** @throws Refusal if it cannot be done. */
  run(call: OperatorCall): JsonValue | Promise<JsonValue>;
}

/** One use of an operator. Arguments are worked out only when asked for. */
export interface OperatorCall {
  readonly count: number;
  /** As it is written, without its `@`. */
  readonly name: string;
  /** The same for the same use in an unchanged file, from one load to the next. */
  identity(): string;
  readonly world: World;
  value(index: number): Promise<JsonValue>;
  /** @throws Refusal if the argument is no text. */
  text(index: number): Promise<string>;
  /** `null` counts as false. @throws Refusal if the argument is anything but true, false or null. */
  condition(index: number): Promise<boolean>;
}

/** What settings can see of the world while they are worked out. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly grants: OperatorGrants;
  readonly cache: Map<string, CachedValue>;
  /** Undefined if no file may be read. */
  readonly folder: ConfinedFolder | undefined;
  /** The texts found so far that must not be shown. */
  readonly secrets: Set<string>;
  /** @throws Refusal if the text is no JSON. */
  decodeJson(text: string): Promise<JsonValue>;
  /** All of another `.tsk` file in the folder, worked out. */
  readTsk(file: string): Promise<JsonObject>;
}
