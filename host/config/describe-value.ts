import { quote } from "../core/error-codes.ts";

/** What a value is, for a sentence: "a list", `"text"`, "null". Never the inside of anything. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quote(value, 60);
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      return "missing";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return "a list";
      return isPlainObject(value) ? "an object" : "an object of a class";
    default:
      return `a ${typeof value}`;
  }
}

/** Whether it is an object as JSON has it, and not one of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
