import { isObject } from "./placeholders.ts";
import { ServiceError } from "../../component/contract/service-error.ts";
import type { JsonValue } from "../../marshal/json.ts";
import type { SqlToken } from "./postgres-lexer.ts";

/** A statement with the placeholders that PostgreSQL has, `$1` and so on, and their values in that order. */
export interface BoundSql {
  readonly text: string;
  readonly values: readonly JsonValue[];
}

/** A placeholder as it stands in the statement, and which value takes its place, from 1. */
interface Place {
  readonly index: number;
  readonly length: number;
  readonly position: number;
}

const MAX_PARAMETERS = 65_535;

/**
 * Turns the contract's placeholders into PostgreSQL's, which has other meanings for some of their characters:
 *
 * - where `$1` stands, everything else is PostgreSQL's: `?` is an operator, `a[1:n]` a slice;
 * - where the only value is an object and names stand (`:name`, `@name`, `$name`), they are its members;
 * - otherwise `?` takes the value after the one before it, and `?2` the second. Without values `?` is an operator.
 *
 * Nothing of a value gets into the text.
 *
 * @throws ServiceError `invalid-input` when placeholders and values do not fit.
 */
export function bindPostgres(
  sql: string,
  tokens: readonly SqlToken[],
  params: readonly JsonValue[],
): BoundSql {
  const numbered = tokens.filter(({ kind }) => kind === "parameter").map(({ text }) => Number(text.slice(1)));
  if (numbered.length > 0) return { text: sql, values: fitting(numbered, params) };
  const [members] = params;
  const names = findNames(tokens);
  if (params.length === 1 && isObject(members) && names.length > 0) return bindNames(sql, names, members);
  if (params.length === 0) return { text: sql, values: [] };
  const places = findQuestionMarks(tokens);
  fitting(
    places.map(({ position }) => position),
    params,
  );
  return { text: replace(sql, places), values: params };
}

/** Each value has its placeholder, and the other way round. */
function fitting(positions: readonly number[], params: readonly JsonValue[]): readonly JsonValue[] {
  const count = positions.reduce((highest, position) => Math.max(highest, position), 0);
  if (positions.includes(0)) throw unfit("they are numbered from 1");
  if (count !== params.length)
    throw unfit(`the statement takes ${count} values, and ${params.length} were given`);
  if (count > MAX_PARAMETERS) throw unfit(`PostgreSQL takes ${MAX_PARAMETERS} at most`);
  return params;
}

interface Named {
  readonly index: number;
  readonly length: number;
  readonly name: string;
}

/** `:name`, `@name` and `$name`, where no operator stands right before them. */
function findNames(tokens: readonly SqlToken[]): readonly Named[] {
  return tokens.flatMap((token, i) => {
    const [before, after] = [tokens[i - 1], tokens[i + 1]];
    if (token.kind !== "symbol" || !/^[:@$]$/.test(token.text)) return [];
    if (after?.kind !== "word" || after.index !== token.index + 1) return [];
    const touches = before?.kind === "symbol" && before.index + before.text.length === token.index;
    if (touches && /^[~!@#^&|`?+*/%<>-]$/.test(before.text)) return [];
    return { index: token.index, length: after.text.length + 1, name: after.text };
  });
}

function bindNames(
  sql: string,
  places: readonly Named[],
  members: Readonly<Record<string, JsonValue>>,
): BoundSql {
  const positions = new Map<string, number>();
  for (const { name } of places) {
    if (!positions.has(name)) positions.set(name, positions.size + 1);
  }
  const names = [...positions.keys()];
  const unknown = Object.keys(members).find((name) => !positions.has(name));
  if (unknown !== undefined) throw unfit(`no placeholder is named ${JSON.stringify(unknown)}`);
  const missing = names.find((name) => !Object.hasOwn(members, name));
  if (missing !== undefined) throw unfit(`there is no value for ${JSON.stringify(missing)}`);
  const text = replace(
    sql,
    places.map(({ name, ...place }) => ({ ...place, position: positions.get(name) ?? 0 })),
  );
  return { text, values: names.map((name) => members[name] ?? null) };
}

/** A bare `?` has the position after the highest before it. */
function findQuestionMarks(tokens: readonly SqlToken[]): readonly Place[] {
  const places: Place[] = [];
  let highest = 0;
  for (const [i, { kind, text, index }] of tokens.entries()) {
    if (kind !== "symbol" || text !== "?") continue;
    const after = tokens[i + 1];
    const digits =
      after?.kind === "number" && after.index === index + 1 ? /^\d+/.exec(after.text)?.[0] : undefined;
    const position = digits === undefined ? highest + 1 : Number(digits);
    highest = Math.max(highest, position);
    places.push({ index, length: 1 + (digits?.length ?? 0), position });
  }
  return places;
}

function replace(sql: string, places: readonly Place[]): string {
  let end = 0;
  const parts = places.map(({ index, length, position }) => {
    const before = sql.slice(end, index);
    end = index + length;
    // Spaces, so that nothing beside it grows together with it.
    return `${before} $${position} `;
  });
  return parts.join("") + sql.slice(end);
}

function unfit(reason: string): ServiceError {
  return new ServiceError("invalid-input", `The parameters do not fit: ${reason}.`);
}
