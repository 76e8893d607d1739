// For editors: what AssemblyScript's own types leave out, and what the transform of this package understands. Like the
// decorators of AssemblyScript itself, those are there without an import.

interface Number {
  toString(radix?: number): string;
}

/** How names of the source stand in JSON: `firstDelayMs` as it is, as `first_delay_ms`, or as `first-delay-ms`. */
type JsonNaming = "as written" | "snake_case" | "kebab-case";

interface JsonDecorator {
  /** Lets objects of a class be read from JSON and written as such: `decode`, `encode`, and whatever is built on them. */
  (options: {
    /** How the names of its fields stand in JSON: as written. */
    names?: JsonNaming;
    /** What becomes of keys that no field has: they are ignored. */
    unknown?: "ignore" | "refuse";
  }): (target: unknown) => void;
  (target: unknown): void;

  /** What a field is called in JSON. */
  name(key: string): (target: unknown, field: string) => void;
  /** A field that may be missing: then it is 0, false or null. One that has a default, or may be null, is optional anyway. */
  optional(target: unknown, field: string): void;
  /** A field that does not stand in JSON. */
  skip(target: unknown, field: string): void;
  /** How the members of an enum stand in JSON, where they do not by their names as written. */
  as(form: JsonNaming | "number"): (target: unknown, field: string) => void;
}

declare const json: JsonDecorator;
