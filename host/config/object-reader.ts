import { describeValue, isPlainObject } from "./describe-value.ts";
import type { StringMeaning } from "./json-reader.ts";
import { MAX_DEPTH } from "./max-depth.ts";
import type { Path } from "./path.ts";
import type { ProblemList } from "./problem-list.ts";
import { NOWHERE, Source } from "./source.ts";
import { SourceText } from "./source-text.ts";
import type { Entry, Expression } from "./tsk/syntax.ts";

/**
 * Reads a value of the program into the form that files are read into. Nothing of it is changed or kept;
 * members that are undefined are left out, and what is no JSON goes to the problems.
 */
export function readObject(
  value: unknown,
  meaningOf: StringMeaning,
  problems: ProblemList,
  path: Path = [],
): Expression {
  const read = (member: unknown, step: string | number) =>
    readObject(member, meaningOf, problems, [...path, step]);
  const place = NOWHERE;
  if (value === null || typeof value === "boolean") return { kind: "literal", value, place };
  if (typeof value === "number" && Number.isFinite(value)) return { kind: "literal", value, place };
  if (typeof value === "string") {
    const text = SourceText.of(new Source(value));
    return meaningOf(text, text.placeAt(0));
  }
  if (path.length >= MAX_DEPTH)
    problems.add(path, `Is nested deeper than ${MAX_DEPTH} levels, or in itself.`);
  else if (Array.isArray(value)) return { kind: "list", items: value.map(read), place };
  else if (isPlainObject(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const entries = members.map(([key, member]): Entry => {
      return { key, isGlobal: false, keyPlace: place, value: read(member, key) };
    });
    return { kind: "object", entries, place };
  } else problems.add(path, `Should be a value that JSON has, and is ${describeValue(value)}.`);
  return { kind: "literal", value: null, place };
}
