import { compareVersions, parseVersion, versionOf, type Version } from "./version.ts";

interface Bound {
  readonly operator: keyof typeof HOLDS;
  readonly version: Version;
}

const HOLDS = {
  "=": (order: number) => order === 0,
  ">": (order: number) => order > 0,
  ">=": (order: number) => order >= 0,
  "<": (order: number) => order < 0,
  "<=": (order: number) => order <= 0,
} as const;

/** Any of several sets of bounds, each of which holds if all of its bounds do. */
type VersionRange = readonly (readonly Bound[])[];

/**
 * Whether `version` is in `range`: "^1", "~1.2", "1.x", "*", ">=1.0.0 <2", "1 || 2", as npm reads them (it
 * knows hyphens too). A pre-release is in a range only if a bound is a pre-release of the same numbers.
 * False if either cannot be read.
 *
 * @see https://semver.org
 */
export function checkDependencyVersion(range: string, version: string): boolean {
  const sets = parseVersionRange(range);
  const found = parseVersion(version);
  return found !== undefined && (sets?.some((bounds) => isWithin(found, bounds)) ?? false);
}

/** Undefined if it is no range. */
export function parseVersionRange(text: string): VersionRange | undefined {
  const sets: Bound[][] = [];
  for (const alternative of text.split("||")) {
    const comparators = alternative
      .trim()
      .replace(/([\^~<>=])\s+/g, "$1")
      .split(/\s+/);
    const bounds = comparators.map(parseComparator);
    if (bounds.includes(undefined)) return undefined;
    sets.push(bounds.flatMap((some) => some ?? []));
  }
  return sets;
}

const COMPARATOR = /^(\^|~|>=|<=|>|<|=)?v?([^.+-]+)(?:\.([^.+-]+))?(?:\.([^.+-]+))?(-[^+]+)?(?:\+.+)?$/;

/** What one of ">=1.2", "^1", "1.x" asks for; undefined if it is no such thing. */
function parseComparator(text: string): Bound[] | undefined {
  const match = COMPARATOR.exec(text);
  if (!match) return undefined;
  const [, operator = "=", ...parts] = match;
  const written = parts.slice(0, 3).filter((part) => part !== undefined && !/^[xX*]$/.test(part));
  const low = parseVersion(`${[...written, "0", "0", "0"].slice(0, 3).join(".")}${parts[3] ?? ""}`);
  if (low === undefined || parts[written.length - 1] !== written.at(-1)) return undefined;
  if (written.length === 0) return /^[<>]$/.test(operator) ? NOTHING : EVERYTHING;
  if (written.length === 3) return boundsOfVersion(operator, low);
  if (parts[3] !== undefined) return undefined;
  return boundsOfSpan(operator, low, written.length);
}

const EVERYTHING: Bound[] = [{ operator: ">=", version: versionOf([]) }];
const NOTHING: Bound[] = [{ operator: "<", version: versionOf([], "0") }];

function boundsOfVersion(operator: string, version: Version): Bound[] {
  if (operator === "~") return [from(version), before(version, 2)];
  if (operator === "^") return [from(version), before(version, keptByCaret(version, 3))];
  return [{ operator: operator as Bound["operator"], version }];
}

/** "1.2" stands for all from 1.2.0 to before 1.3.0: `written` of its numbers are given, and those behind are free. */
function boundsOfSpan(operator: string, low: Version, written: number): Bound[] {
  const after = before(low, written);
  if (operator === "<") return [{ operator: "<", version: versionOf(low.numbers, "0") }];
  if (operator === "<=") return [after];
  if (operator === ">=") return [from(low)];
  if (operator === ">") return [from(versionOf(after.version.numbers))];
  return [from(low), operator === "^" ? before(low, keptByCaret(low, written)) : after];
}

function from(version: Version): Bound {
  return { operator: ">=", version };
}

/** Below every version that has one of the first `kept` numbers higher. */
function before(version: Version, kept: number): Bound {
  const numbers = version.numbers.slice(0, kept);
  const last = numbers.pop() ?? 0;
  return { operator: "<", version: versionOf([...numbers, last + 1], "0") };
}

/** A caret keeps the numbers up to the first that is not zero. */
function keptByCaret(version: Version, written: number): number {
  const index = version.numbers.slice(0, written).findIndex((number) => number !== 0);
  return index < 0 ? written : index + 1;
}

function isWithin(version: Version, bounds: readonly Bound[]): boolean {
  const holds = bounds.every((bound) => HOLDS[bound.operator](compareVersions(version, bound.version)));
  return (
    holds && (version.prerelease.length === 0 || bounds.some((bound) => isBesides(bound.version, version)))
  );
}

function isBesides(bound: Version, prerelease: Version): boolean {
  return bound.prerelease.length > 0 && bound.numbers.every((number, i) => number === prerelease.numbers[i]);
}
