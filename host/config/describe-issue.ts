import type { z } from "zod";
import { describeValue } from "./describe-value.ts";
import { isJsonObject, type JsonValue } from "./json-value.ts";
import type { Report } from "./report.ts";

const KINDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What a schema finds wrong in `value`, as sentences for the person who wrote it. */
export function describeIssue(issue: z.core.$ZodIssue, value: JsonValue, report: Report): string {
  const found = issue.path.reduce<unknown>(memberOf, value);
  if (found === undefined) return "Is missing.";
  const expected = expectationOf(issue);
  const isWord = issue.code === "invalid_value" && typeof found === "string";
  const suggestion = isWord ? report.suggest(found, issue.values.map(String)) : "";
  return `${expected.charAt(0).toUpperCase()}${expected.slice(1)}, and is ${describeValue(found)}.${suggestion}`;
}

function memberOf(value: unknown, step: PropertyKey): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isJsonObject(value as JsonValue) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
}

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `should be ${kindOf(issue)}`;
    case "invalid_value":
      return `should be ${either(issue.values.map((value) => JSON.stringify(value)))}`;
    case "too_small":
      return issue.origin === "number" ? `should be at least ${issue.minimum}` : "should not be empty";
    case "too_big":
      return `should be at most ${issue.maximum}`;
    case "invalid_union": {
      const [first, ...others] = issue.errors.filter((branch) => !branch.some(isOtherKind)).flat();
      if (first && others.length === 0) return expectationOf(first);
      return `should be ${either(issue.errors.flat().filter(isOtherKind).map(kindOf))}`;
    }
    default:
      return issue.message;
  }
}

/** Whether a branch of a union is out of the question. */
function isOtherKind(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueInvalidType {
  return issue.code === "invalid_type" && issue.path.length === 0 && issue.expected !== "int";
}

function kindOf({ expected }: z.core.$ZodIssueInvalidType): string {
  return KINDS[expected] ?? expected;
}

function either(alternatives: readonly string[]): string {
  const [last = "", ...others] = [...new Set(alternatives)].toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} or ${last}`;
}
