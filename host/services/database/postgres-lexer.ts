/** A piece of a statement that is neither space nor comment. */
export interface SqlToken {
  readonly kind: "word" | "quoted" | "text" | "number" | "parameter" | "symbol";
  /** As it stands in the statement. */
  readonly text: string;
  /** Where it begins. */
  readonly index: number;
}

const SPACE = /[ \t\n\r\f\v]+|--[^\n\r]*/y;

// A text that goes on after a line break has the kind of its first part, and so its backslashes.
const GOES_ON = String.raw`(?:[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'(?:[^'\\]|\\[^]|'')*')*`;
const WORD_START = String.raw`[A-Za-z_\u0080-\u{10ffff}]`;
const PATTERNS: readonly (readonly [SqlToken["kind"], RegExp])[] = [
  ["text", new RegExp(String.raw`[eE]'(?:[^'\\]|\\[^]|'')*'${GOES_ON}`, "yu")],
  ["text", /'(?:[^']|'')*'/y],
  ["quoted", /"(?:[^"]|"")*"/y],
  ["word", new RegExp(String.raw`${WORD_START}[\w$\u0080-\u{10ffff}]*`, "yu")],
  ["number", /\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?/y],
  ["parameter", /\$\d+/y],
  ["symbol", /::|[^]/uy],
];

const DOLLAR_TAG = new RegExp(String.raw`\$(?:${WORD_START}[\w\u0080-\u{10ffff}]*)?\$`, "yu");

/**
 * The tokens of a statement as PostgreSQL reads it, with `standard_conforming_strings` on. A text that does not
 * end comes out as single characters, and in dollars as one: the server will refuse it.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function* lexPostgres(sql: string): Generator<SqlToken> {
  let index = 0;
  while (index < sql.length) {
    const space = match(SPACE, sql, index);
    if (space !== undefined) {
      index += space.length;
      continue;
    }
    if (sql.startsWith("/*", index)) {
      index = endOfComment(sql, index);
      continue;
    }
    const token = tokenAt(sql, index);
    yield token;
    index += token.text.length;
  }
}

/** The name that a token stands for, if it may be one: in lower case unless it is quoted. */
export function nameOf({ kind, text }: SqlToken): string | undefined {
  if (kind === "quoted") return text.slice(1, -1).replaceAll('""', '"');
  return kind === "word" ? text.toLowerCase() : undefined;
}

function tokenAt(sql: string, index: number): SqlToken {
  const character = sql.charAt(index);
  // The commonest, without asking every pattern.
  if ("()[],;.+*=<>?".includes(character)) return { kind: "symbol", text: character, index };
  const tag = match(DOLLAR_TAG, sql, index);
  if (tag !== undefined) {
    const end = sql.indexOf(tag, index + tag.length);
    return { kind: "text", text: sql.slice(index, end < 0 ? undefined : end + tag.length), index };
  }
  for (const [kind, pattern] of PATTERNS) {
    const text = match(pattern, sql, index);
    if (text !== undefined) return { kind, text, index };
  }
  return { kind: "symbol", text: character, index };
}

/** Comments nest. */
function endOfComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}

function match(pattern: RegExp, sql: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(sql)?.[0];
}
