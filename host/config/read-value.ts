import { z } from "zod";
import { quote } from "../core/error-codes.ts";
import { describeIssue } from "./describe-issue.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";

/**
 * Reads a value by its schema. Every problem is reported, and what is right beside it is read all the same:
 * an object of the result is without what is wrong, and a list is left out if any of its items is.
 */
export function readValue<S extends z.ZodType>(
  schema: S,
  value: JsonValue,
  path: Path,
  report: Report,
): z.output<S> | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const form = formFor(schema, value);
  let isWhole = true;
  const counted: Report = {
    problem: (...problem) => {
      isWhole = false;
      report.problem(...problem);
    },
    isUnknown: (at) => report.isUnknown(at),
    suggest: (word, known) => report.suggest(word, known),
  };
  const members = form && readMembers(form, value, path, counted);
  // Its members are right, so that it is the whole that is not.
  if (isWhole) {
    for (const issue of parsed.error.issues) {
      report.problem([...path, ...(issue.path as Path)], describeIssue(issue, value, report));
    }
  }
  return members as z.output<S> | undefined;
}

type Form = z.ZodObject | z.ZodRecord | z.ZodArray;

/** The part of a schema that says what the members of `value` are. */
function formFor(schema: z.core.$ZodType, value: JsonValue): Form | undefined {
  if (schema instanceof z.ZodOptional) return formFor(schema.unwrap(), value);
  if (schema instanceof z.ZodUnion) {
    return schema.options.map((option) => formFor(option, value)).find((form) => form !== undefined);
  }
  if (Array.isArray(value)) return schema instanceof z.ZodArray ? schema : undefined;
  const isForm = schema instanceof z.ZodObject || schema instanceof z.ZodRecord;
  return isForm && isJsonObject(value) ? schema : undefined;
}

function readMembers(form: Form, value: JsonValue, path: Path, report: Report): unknown {
  if (form instanceof z.ZodArray) {
    for (const [i, item] of (value as readonly JsonValue[]).entries()) {
      readValue(form.element as z.ZodType, item, [...path, i], report);
    }
    // Without some of its items the others would stand at other places.
    return undefined;
  }
  const members = value as JsonObject;
  return form instanceof z.ZodRecord
    ? readRecord(form, members, path, report)
    : readObject(form, members, path, report);
}

function readRecord(form: z.ZodRecord, members: JsonObject, path: Path, report: Report): object {
  const read = Object.entries(members).map(([name, member]) => {
    readName(form.keyType as z.ZodType, name, [...path, name], report);
    return [name, readValue(form.valueType as z.ZodType, member, [...path, name], report)] as const;
  });
  return Object.fromEntries(read.filter(([, member]) => member !== undefined));
}

function readName(schema: z.ZodType, name: string, path: Path, report: Report): void {
  const issue = schema.safeParse(name).error?.issues[0];
  if (issue) report.problem(path, describeIssue(issue, name, report), true);
}

function readObject({ shape }: z.ZodObject, members: JsonObject, path: Path, report: Report): object {
  const read: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(members)) {
    const schema = Object.hasOwn(shape, name) ? (shape[name] as z.ZodType) : undefined;
    if (schema) read[name] = readValue(schema, member, [...path, name], report);
    else {
      const suggestion = report.suggest(name, Object.keys(shape));
      report.problem([...path, name], `There is no setting ${quote(name, 60)} here.${suggestion}`, true);
    }
  }
  for (const [name, schema] of Object.entries(shape)) {
    if (schema instanceof z.ZodOptional || Object.hasOwn(members, name)) continue;
    report.problem([...path, name], "Is missing.");
  }
  return read;
}
