import { isJsonObject, type JsonValue } from "../json-value.ts";

/** The values of one object while it is worked out, and of those around it. */
export class Scope {
  readonly values: Record<string, JsonValue>;
  readonly #parent: Scope | undefined;
  readonly #failed = new Set<string>();

  constructor(values: Record<string, JsonValue>, parent?: Scope) {
    this.values = values;
    this.#parent = parent;
  }

  /** Whether something of this name was written here already, even if it could not be worked out. */
  has(name: string): boolean {
    return this.#failed.has(name) || Object.hasOwn(this.values, name);
  }

  fail(name: string): void {
    this.#failed.add(name);
  }

  /** The innermost scope that has the name. */
  find(name: string): Scope | undefined {
    return this.has(name) ? this : this.#parent?.find(name);
  }

  /** Undefined if it could not be worked out. */
  get(name: string): JsonValue | undefined {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }

  /** The names that can be used here, the nearest first. */
  *names(): Generator<string> {
    yield* Object.keys(this.values);
    if (this.#parent) yield* this.#parent.names();
  }

  /** The scope of an object in this one, which is made if there is none. Undefined if the name is something else's. */
  open(name: string): Scope | undefined {
    if (!this.has(name)) this.values[name] = {};
    const value = this.get(name);
    return isJsonObject(value) ? new Scope(value, this) : undefined;
  }
}
