import type { Place } from "../source.ts";
import type { Entry, Expression } from "./syntax.ts";

/** `8000-9000`, which in TuskLang is an object. */
export function rangeLiteral(min: number, max: number, place: Place): Expression {
  const entries = Object.entries({ min, max, type: "range" }).map(([key, value]): Entry => {
    return { key, isGlobal: false, keyPlace: place, value: { kind: "literal", value, place } };
  });
  return { kind: "object", entries, place };
}
