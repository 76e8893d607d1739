import { quote } from "../../core/error-codes.ts";
import { CROSS_FILE_OPERATOR } from "./cross-file.ts";
import { DATE_OPERATORS } from "./date.ts";
import { ENVIRONMENT_OPERATORS } from "./environment.ts";
import { FILE_OPERATORS } from "./file.ts";
import { HOST_OPERATORS } from "./host.ts";
import type { ProblemList } from "../problem-list.ts";
import type { Operator } from "./operator.ts";
import { OUTSIDE_OPERATORS } from "./outside.ts";
import { VALUE_OPERATORS } from "./value.ts";

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...ENVIRONMENT_OPERATORS,
    ...DATE_OPERATORS,
    ...FILE_OPERATORS,
    ...VALUE_OPERATORS,
    ...OUTSIDE_OPERATORS,
    ...HOST_OPERATORS,
  }),
);

/** The operators of TuskLang that a host does not have, and why. */
const REFUSED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /\.tsk\.set$|\.(?:set|write|append|delete|put|remove|create)$/,
    "Settings are read and change nothing: it would write.",
  ],
  [/^(?:learn|optimize)\b/, "Settings are what is written in them: it would learn them."],
  [
    /^(?:php|js|javascript|python|go|rust|ruby|java|bash|shell|exec|eval|lambda|function|fujsen)\b/,
    "Settings run no code: it would.",
  ],
  [/\.pnt\.\w+$/, "Compiled .pnt files are not read. Use the .tsk file that it was made of."],
];

export function findOperator(name: string): Operator | undefined {
  return OPERATORS.get(name) ?? (name.endsWith(".tsk.get") ? CROSS_FILE_OPERATOR : undefined);
}

/** Why there is no operator of this name for settings to use. */
export function refusalOf(name: string, problems: ProblemList): string {
  const written = quote(`@${name}`, 80);
  const refused = REFUSED.find(([pattern]) => pattern.test(name));
  if (refused) return `${written} is refused. ${refused[1]}`;
  const suggestion = problems.suggest(
    `@${name}`,
    [...OPERATORS.keys()].map((known) => `@${known}`),
  );
  return `There is no operator ${written}.${suggestion} If it is a text, put it in quotes with a backslash before the @.`;
}
