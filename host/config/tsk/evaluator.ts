import { quote } from "../../core/error-codes.ts";
import type { Budget } from "../budget.ts";
import { describeValue } from "../describe-value.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { MAX_DEPTH } from "../max-depth.ts";
import type { OperatorCall, World } from "../operators/operator.ts";
import { formatPath, type Path } from "../path.ts";
import type { ProblemList } from "../problem-list.ts";
import { AlreadyReported, Refusal } from "../refusal.ts";
import type { Place } from "../source.ts";
import { conditionOf, negate, operate, textOf } from "./operation.ts";
import { Scope } from "./scope.ts";
import type {
  Call,
  Entry,
  Expression,
  List,
  ObjectLiteral,
  Operation,
  Reference,
  Section,
  Variable,
} from "./syntax.ts";

/** Where the key of a value stands, and the value itself. */
export interface Places {
  readonly key: Place;
  readonly value: Place;
}

/** Where an expression is worked out. */
interface Site {
  readonly scope: Scope;
  readonly path: Path;
}

/**
 * Works settings out, in the order in which they are written: a name stands for what was written above it.
 *
 * What cannot be worked out goes to the problems, and its setting is left out.
 */
export class Evaluator {
  /** Where each value was written, by its formatted path. */
  readonly places = new Map<string, Places>();
  /** The formatted paths of what is left out. */
  readonly failed = new Set<string>();
  readonly #globals = new Scope({});
  readonly #world: World;
  readonly #budget: Budget;
  readonly #problems: ProblemList;

  constructor(world: World, budget: Budget, problems: ProblemList) {
    this.#world = world;
    this.#budget = budget;
    this.#problems = problems;
  }

  async document(sections: readonly Section[]): Promise<JsonObject> {
    const root = new Scope({});
    for (const { path, place, entries } of sections) {
      const scope = this.#open(root, path, place);
      if (scope) await this.#entries(entries, { scope, path });
    }
    return root.values;
  }

  /** Undefined if it cannot be worked out. */
  async value(expression: Expression): Promise<JsonValue | undefined> {
    return this.#attempt([], expression, () =>
      this.#evaluate(expression, { scope: new Scope({}), path: [] }),
    );
  }

  #open(root: Scope, path: readonly string[], place: Place): Scope | undefined {
    if (path.length >= MAX_DEPTH) {
      this.#problems.add([], TOO_DEEP, place);
      return undefined;
    }
    let scope: Scope | undefined = root;
    for (const [i, name] of path.entries()) {
      const at = formatPath(path.slice(0, i + 1));
      if (!this.places.has(at)) this.places.set(at, { key: place, value: place });
      scope = isForbidden(name) ? undefined : scope.open(name);
      if (!scope) {
        this.#problems.add(
          path.slice(0, i + 1),
          "Is no section: its name is forbidden, or a value has it.",
          place,
        );
        return undefined;
      }
    }
    return scope;
  }

  async #entries(entries: readonly Entry[], { scope, path }: Site): Promise<void> {
    for (const { key, isGlobal, keyPlace, value } of entries) {
      const target = isGlobal ? this.#globals : scope;
      const at = isGlobal ? [`$${key}`] : [...path, key];
      const refusal = isForbidden(key)
        ? `A setting cannot have the name ${quote(key)}.`
        : target.has(key) && `${quote(key)} is set already: a name is given once.`;
      if (refusal !== false) {
        this.#problems.add(at, refusal, keyPlace);
        continue;
      }
      if (!isGlobal) this.places.set(formatPath(at), { key: keyPlace, value: value.place });
      const result = await this.#attempt(at, value, () => this.#evaluate(value, { scope, path: at }));
      if (result === undefined) target.fail(key);
      else target.values[key] = result;
    }
  }

  /** What `work` gives; if it refuses, that goes to the problems. */
  async #attempt(
    path: Path,
    { place }: Expression,
    work: () => Promise<JsonValue>,
  ): Promise<JsonValue | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) this.#problems.add(path, error.message, error.place ?? place);
      else if (!(error instanceof AlreadyReported)) throw error;
      this.failed.add(formatPath(path));
      return undefined;
    }
  }

  async #evaluate(expression: Expression, site: Site): Promise<JsonValue> {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "template":
        return this.#template(expression.parts, site);
      case "list":
        return this.#list(expression, site);
      case "object":
        return this.#object(expression, site);
      case "variable":
        return this.#lookUp(expression, this.#globals, site);
      case "reference": {
        const isGlobal = expression.globalsFirst && this.#globals.has(expression.path[0] ?? "");
        return this.#lookUp(expression, isGlobal ? this.#globals : site.scope, site);
      }
      case "unary": {
        const { operator, operand, place } = expression;
        const value = await this.#evaluate(operand, site);
        return placed(place, () => (operator === "!" ? !conditionOf(value) : negate(value)));
      }
      case "operation":
        return this.#operation(expression, site);
      case "conditional":
        for (const { condition, value } of expression.branches) {
          if (await this.#condition(condition, site)) return this.#evaluate(value, site);
        }
        return this.#evaluate(expression.otherwise, site);
      default:
        return this.#call(expression, site);
    }
  }

  async #template(parts: readonly Expression[], site: Site): Promise<string> {
    const texts: string[] = [];
    for (const part of parts) {
      const value = await this.#evaluate(part, site);
      texts.push(placed(part.place, () => textOf(value)));
    }
    return texts.join("");
  }

  async #list({ items, place }: List, { scope, path }: Site): Promise<JsonValue> {
    this.#checkDepth(path, place);
    const values: JsonValue[] = [];
    for (const [i, item] of items.entries()) {
      const at = [...path, i];
      this.places.set(formatPath(at), { key: item.place, value: item.place });
      const value = await this.#attempt(at, item, () => this.#evaluate(item, { scope, path: at }));
      if (value !== undefined) values.push(value);
    }
    if (values.length < items.length) throw new AlreadyReported();
    return values;
  }

  async #object({ entries, place }: ObjectLiteral, { scope, path }: Site): Promise<JsonValue> {
    this.#checkDepth(path, place);
    const inner = new Scope({}, scope);
    await this.#entries(entries, { scope: inner, path });
    return inner.values;
  }

  #checkDepth(path: Path, place: Place): void {
    if (path.length >= MAX_DEPTH) throw new Refusal(TOO_DEEP, place);
  }

  #lookUp({ path, place }: Variable | Reference, scope: Scope, site: Site): JsonValue {
    const [name = "", ...keys] = path;
    const owner = scope.find(name);
    if (!owner) throw new Refusal(this.#unknown(name, scope), place);
    let value = owner.get(name);
    if (value === undefined) throw new AlreadyReported();
    for (const key of keys) {
      const member: JsonValue | undefined =
        isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
      if (member === undefined)
        throw new Refusal(`${quote(path.join("."))} is not set: there is no ${quote(key)}.`, place);
      value = member;
    }
    const found = value;
    return placed(place, () => this.#budget.copy(found, site.path.length));
  }

  #unknown(name: string, scope: Scope): string {
    if (scope === this.#globals) {
      const suggestion = this.#problems.suggest(
        `$${name}`,
        scope.names().map((known) => `$${known}`),
      );
      return `${quote(`$${name}`)} is not set above.${suggestion}`;
    }
    const suggestion = this.#problems.suggest(name, scope.names());
    return `${quote(name)} is not set above.${suggestion} If it is a text, put it in quotes.`;
  }

  async #operation({ first, rest }: Operation, site: Site): Promise<JsonValue> {
    let left = await this.#evaluate(first, site);
    for (const { operator, operand, place } of rest) {
      if (operator === "&&" || operator === "||") {
        const condition = left;
        const isTrue = placed(place, () => conditionOf(condition));
        // The right side is worked out only where it decides.
        left = isTrue === (operator === "||") ? isTrue : await this.#condition(operand, site);
      } else {
        const [a, b] = [left, await this.#evaluate(operand, site)];
        left = placed(place, () => operate(operator, a, b));
      }
    }
    return left;
  }

  async #condition(expression: Expression, site: Site): Promise<boolean> {
    const value = await this.#evaluate(expression, site);
    return placed(expression.place, () => conditionOf(value));
  }

  async #call({ name, operator, args, place }: Call, site: Site): Promise<JsonValue> {
    const value = async (index: number) => {
      const argument = args[index];
      return argument ? this.#evaluate(argument, site) : null;
    };
    const text = async (index: number) => {
      const found = await value(index);
      if (typeof found === "string") return found;
      throw new Refusal(`Argument ${index + 1} should be a text, and is ${describeValue(found)}.`);
    };
    const condition = async (index: number) => conditionOf(await value(index));
    const identity = () => `${place.source.file ?? ""}:${place.offset}:${place.source.fingerprint}`;
    const call: OperatorCall = {
      name,
      identity,
      count: args.length,
      world: this.#world,
      value,
      text,
      condition,
    };
    try {
      return this.#budget.copy(await operator.run(call), site.path.length);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw error.place ? error : new Refusal(error.message, place, { cause: error });
    }
  }
}

const TOO_DEEP = `This is nested deeper than ${MAX_DEPTH} levels.`;

/** What `work` gives; if it refuses without saying where, it was here. */
function placed<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal) || error.place) throw error;
    throw new Refusal(error.message, place, { cause: error });
  }
}

/** An object with this name for a key would be mistaken for one with another prototype. */
function isForbidden(name: string): boolean {
  return name === "__proto__";
}
