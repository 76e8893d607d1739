import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";

/** A placeholder in a statement, as it is written there, and the value that takes its place. */
export interface Binding {
  readonly placeholder: string;
  readonly value: JsonValue;
}

// What can hold a character that looks like a placeholder comes first: texts, quoted names, comments, words.
const TOKEN =
  /'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}_][\p{L}\p{N}_$]*|(?<placeholder>\?\d*|[:@$][\p{L}\p{N}_]+)/gu;

/**
 * The placeholders of a well-formed statement, in their order, each as often as it stands there: `?`, `?2`,
 * `$1`, `:name`, `@name`, `$name`.
 */
export function findPlaceholders(sql: string): readonly string[] {
  return Array.from(sql.matchAll(TOKEN), (token) => token.groups?.["placeholder"]).filter(
    (placeholder) => placeholder !== undefined,
  );
}

/**
 * Pairs placeholders with values. Each value has its placeholder and the other way round:
 *
 * - `?` takes the value after the one before it, `?2` and `$2` the second;
 * - names take the members of one object, which is the only value: `[{ "name": "Ada" }]`.
 *
 * For `?` the pairs are as many as there are values, in their order; otherwise one for each placeholder.
 *
 * @throws ServiceError `invalid-input` when they do not fit, or kinds are mixed.
 */
export function bindPlaceholders(
  placeholders: readonly string[],
  params: readonly JsonValue[],
): readonly Binding[] {
  const kinds = new Set(placeholders.map(kindOf));
  if (kinds.size > 1)
    throw unfit(`placeholders of one kind are allowed, and there are ${[...kinds].join(" and ")}`);
  const distinct = [...new Set(placeholders)];
  const [kind] = kinds;
  if (kind === ":name") return bindNames(distinct, params);
  const count = kind === "?" ? countQuestionMarks(placeholders) : Math.max(0, ...distinct.map(numberOf));
  if (count !== params.length)
    throw unfit(`the statement takes ${count} values, and ${params.length} were given`);
  if (kind === "?") return params.map((value) => ({ placeholder: "?", value }));
  return distinct.map((placeholder) => ({ placeholder, value: params[numberOf(placeholder) - 1] ?? null }));
}

function bindNames(placeholders: readonly string[], params: readonly JsonValue[]): readonly Binding[] {
  const [members] = params;
  if (params.length !== 1 || !isObject(members)) {
    throw unfit("a statement with names as placeholders takes one object that has them as members");
  }
  const names = new Set(placeholders.map((placeholder) => placeholder.slice(1)));
  const unknown = Object.keys(members).find((name) => !names.has(name));
  if (unknown !== undefined) throw unfit(`no placeholder is named ${JSON.stringify(unknown)}`);
  return placeholders.map((placeholder) => {
    const name = placeholder.slice(1);
    if (!Object.hasOwn(members, name)) throw unfit(`there is no value for ${placeholder}`);
    return { placeholder, value: members[name] ?? null };
  });
}

function kindOf(placeholder: string): "?" | "$1" | ":name" {
  if (placeholder.startsWith("?")) return "?";
  return /^\$[1-9]\d*$/.test(placeholder) ? "$1" : ":name";
}

/** The highest index; a bare `?` has the index after the highest before it. */
function countQuestionMarks(placeholders: readonly string[]): number {
  return placeholders.reduce(
    (highest, mark) => (mark === "?" ? highest + 1 : Math.max(highest, numberOf(mark))),
    0,
  );
}

function numberOf(placeholder: string): number {
  return Number(placeholder.slice(1));
}

/** Whether these are values by name. */
export function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function unfit(reason: string): ServiceError {
  return new ServiceError("invalid-input", `The parameters do not fit: ${reason}.`);
}
