import { quote } from "../../core/error-codes.ts";
import { findOperator, refusalOf } from "../operators/table.ts";
import type { ProblemList } from "../problem-list.ts";
import { Refusal } from "../refusal.ts";
import type { Place } from "../source.ts";
import type { SourceText } from "../source-text.ts";
import { Lexer } from "./lexer.ts";
import type { BinaryOperator, Entry, Expression, OperationStep } from "./syntax.ts";
import { rangeLiteral } from "./range-literal.ts";
import { TokenReader } from "./token-reader.ts";
import type { Token } from "./token.ts";

/** From the loosest to the tightest. */
const BINARY: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["no", false],
  ["off", false],
  ["null", null],
  ["none", null],
]);

/** What in a text is an operator: `@name(`. */
export const OPERATOR_HOLE = /@[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*\(/;
/** What in a string of `.tsk` is a value to be filled in: an operator or `${`. */
const HOLE = new RegExp(String.raw`\$\{|${OPERATOR_HOLE.source}`);

/** Reads the entries and values of a `.tsk` text, by recursive descent. */
export class Parser {
  readonly tokens: TokenReader;
  readonly #problems: ProblemList;
  readonly #isTemplate: boolean;

  /** In a template (`"${name}"`) a name stands for a global first. `nesting` is that of what surrounds the text. */
  constructor(text: SourceText, problems: ProblemList, { index = 0, nesting = 0, isTemplate = false } = {}) {
    this.tokens = new TokenReader(new Lexer(text, index), nesting);
    this.#problems = problems;
    this.#isTemplate = isTemplate;
  }

  /**
   * Reads entries up to `closer`, or without one up to the next section, or to the end of the text. What
   * cannot be read goes to the problems, and reading goes on with the next entry.
   */
  entries(closer?: string): Entry[] {
    const { tokens } = this;
    const entries: Entry[] = [];
    for (;;) {
      const { depth } = tokens;
      try {
        tokens.skipSeparators();
        if (tokens.peek().kind === "end" || tokens.isAt(closer ?? "[")) return entries;
        entries.push(this.#entry());
        this.endEntry(closer);
      } catch (error) {
        this.recover(error, depth);
      }
    }
  }

  /** Sees that nothing follows on the same line but a comma or `closer`. */
  endEntry(closer = ""): void {
    const { tokens } = this;
    const next = tokens.peek();
    if (next.kind === "separator" || next.kind === "end" || tokens.takes(",") || tokens.isAt(closer)) return;
    tokens.refuse(
      next,
      `${tokens.show(next)} is too much here: put it on a line of its own, or a text in quotes.`,
    );
  }

  /** Adds a refusal to the problems and skips what it is about; `depth` is that of its start. */
  recover(error: unknown, depth: number): void {
    if (!(error instanceof Refusal)) throw error;
    this.#problems.add([], error.message, error.place);
    this.tokens.skipRest(depth);
  }

  #entry(): Entry {
    const { tokens } = this;
    const token = tokens.next();
    const key = this.#keyOf(token);
    const entry = { key, isGlobal: token.kind === "variable", keyPlace: tokens.placeOf(token) };
    const opener = tokens.peek();
    const closer = tokens.takes("{") ? "}" : tokens.takes(">") ? "<" : undefined;
    if (closer !== undefined) return { ...entry, value: tokens.nested(() => this.#object(opener, closer)) };
    if (!tokens.takes(":", "=")) {
      tokens.refuse(opener, `Between ${quote(key)} and its value a : or = is missing.`);
    }
    if (tokens.peek().kind === "separator") {
      tokens.refuse(opener, `The value is missing. If it is what stands below, write "name { … }".`);
    }
    return { ...entry, value: this.expression() };
  }

  #keyOf(token: Token): string {
    if (token.kind === "string") return token.content.characters;
    if (token.kind !== "name" && token.kind !== "variable") {
      return this.tokens.refuse(token, `A name is expected here, and not ${this.tokens.show(token)}.`);
    }
    const [key = "", ...more] = token.path;
    if (more.length > 0) {
      this.tokens.refuse(token, "A name has no dots. Put a section above it, or put the name in quotes.");
    }
    if (/(?:^|_)fujsen$/.test(key)) {
      this.tokens.refuse(token, "Settings run no code: a fujsen has no place here.");
    }
    return key;
  }

  #object(opener: Token, closer: string): Expression {
    const entries = this.entries(closer);
    this.tokens.close(opener, closer);
    return { kind: "object", entries, place: this.tokens.placeOf(opener) };
  }

  #list(opener: Token): Expression {
    const { tokens } = this;
    const items: Expression[] = [];
    for (tokens.skipSeparators(); !tokens.takes("]"); tokens.skipSeparators()) {
      if (tokens.peek().kind === "end") tokens.close(opener, "]");
      items.push(this.expression());
      const isOver = tokens.takes(",") ?? (tokens.peek().kind === "separator" || tokens.isAt("]"));
      if (isOver === false) tokens.close(opener, "]");
    }
    return { kind: "list", items, place: tokens.placeOf(opener) };
  }

  /** Reads a value. @throws Refusal if there is none. */
  expression(): Expression {
    return this.tokens.nested(() => this.#conditional());
  }

  #conditional(): Expression {
    const { tokens } = this;
    const branches = [];
    let last = this.#operation(0);
    while (tokens.takes("?")) {
      tokens.skipSeparators();
      const value = this.expression();
      tokens.skipSeparators();
      if (!tokens.takes(":"))
        tokens.refuse(tokens.peek(), "Here a : is missing, and the value if the condition is false.");
      tokens.skipSeparators();
      branches.push({ condition: last, value });
      last = this.#operation(0);
    }
    const first = branches[0];
    return first ? { kind: "conditional", branches, otherwise: last, place: first.condition.place } : last;
  }

  #operation(level: number): Expression {
    const operators = BINARY[level];
    if (operators === undefined) return this.#unary();
    const first = this.#operation(level + 1);
    const rest: OperationStep[] = [];
    for (let step = this.#operator(operators); step; step = this.#operator(operators)) {
      rest.push({ ...step, operand: this.#operation(level + 1) });
    }
    return rest.length === 0 ? first : { kind: "operation", first, rest, place: first.place };
  }

  #operator(among: readonly BinaryOperator[]): Omit<OperationStep, "operand"> | undefined {
    const operator = among.find((mark) => this.tokens.isAt(mark));
    if (operator === undefined) return undefined;
    const place = this.tokens.placeOf(this.tokens.next());
    this.tokens.skipSeparators();
    return { operator, place };
  }

  #unary(): Expression {
    const { tokens } = this;
    const operator = (["!", "-"] as const).find((mark) => tokens.isAt(mark));
    if (operator === undefined) return this.#primary(tokens.next());
    const place = tokens.placeOf(tokens.next());
    return tokens.nested(() => ({ kind: "unary", operator, operand: this.#unary(), place }));
  }

  #primary(token: Token): Expression {
    const place = this.tokens.placeOf(token);
    switch (token.kind) {
      case "number":
        return { kind: "literal", value: token.value, place };
      case "string":
        if (token.isTemplate) return this.template(token.content, place);
        return { kind: "literal", value: token.content.characters, place };
      case "range":
        return rangeLiteral(token.min, token.max, place);
      case "variable":
        return { kind: "variable", path: token.path, place };
      case "name":
        return this.#word(token, token.path);
      case "operator":
        return this.#call(token, token.path.join("."));
      default:
        return this.#bracketed(token);
    }
  }

  #word(token: Token, path: readonly string[]): Expression {
    const place = this.tokens.placeOf(token);
    const value = WORDS.get(path.join("."));
    if (value !== undefined) return { kind: "literal", value, place };
    if (this.tokens.isAt("(")) {
      this.tokens.refuse(token, "Settings run no code. If this is an operator, put an @ before it.");
    }
    return { kind: "reference", path, globalsFirst: this.#isTemplate, place };
  }

  #bracketed(opener: Token): Expression {
    const { tokens } = this;
    switch (opener.kind === "punctuation" ? opener.mark : "") {
      case "{":
        return this.#object(opener, "}");
      case "[":
        return this.#list(opener);
      case "(": {
        tokens.skipSeparators();
        const inner = this.expression();
        tokens.skipSeparators();
        tokens.close(opener, ")");
        return inner;
      }
      default:
        return tokens.refuse(opener, `A value is expected here, and not ${tokens.show(opener)}.`);
    }
  }

  /** Reads the arguments of an operator. @throws Refusal if there is no such operator, or if settings may not use it. */
  #call(token: Token, name: string): Expression {
    const { tokens } = this;
    const known = findOperator(name) ?? tokens.refuse(token, refusalOf(name, this.#problems));
    const opener = tokens.takes("(");
    if (!opener) return tokens.refuse(token, `The arguments are missing: write ${known.usage}.`);
    const args: Expression[] = [];
    tokens.skipSeparators();
    while (!tokens.takes(")")) {
      args.push(this.expression());
      tokens.skipSeparators();
      if (!tokens.isAt(")") && !tokens.takes(",")) tokens.close(opener, ")");
      tokens.skipSeparators();
    }
    if (args.length < known.least || args.length > known.most) {
      tokens.refuse(token, `@${name} has ${args.length} arguments, and is used as ${known.usage}.`);
    }
    return { kind: "call", name, operator: known, args, place: tokens.placeOf(token) };
  }

  /**
   * Finds the values that are to be filled into a string. A string that is an operator and nothing else is
   * what that gives, of whatever type.
   */
  template(text: SourceText, place: Place, hole = HOLE): Expression {
    const { characters } = text;
    const parts: Expression[] = [];
    const holes = new RegExp(hole, "g");
    let end = 0;
    const pushText = (to: number) => {
      if (to > end)
        parts.push({ kind: "literal", value: characters.slice(end, to), place: text.placeAt(end) });
    };
    for (let match = holes.exec(characters); match; match = holes.exec(characters)) {
      if (text.isLiteral(match.index)) continue;
      pushText(match.index);
      const part = this.#hole(text, match.index);
      if (part.end - match.index === characters.length && part.value.kind === "call") return part.value;
      parts.push(part.value);
      end = holes.lastIndex = part.end;
    }
    if (parts.length === 0) return { kind: "literal", value: characters, place };
    pushText(characters.length);
    return { kind: "template", parts, place };
  }

  #hole(text: SourceText, index: number): { value: Expression; end: number } {
    const isTemplate = text.characters.startsWith("${", index);
    const start = isTemplate ? index + 2 : index;
    const { nesting } = this.tokens;
    const inner = new Parser(text, this.#problems, { index: start, nesting, isTemplate });
    const opener = inner.tokens.peek();
    const value = isTemplate ? inner.expression() : inner.#primary(inner.tokens.next());
    if (isTemplate) inner.tokens.close(opener, "}");
    return { value, end: inner.tokens.index };
  }
}
