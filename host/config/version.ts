/** A version as https://semver.org has it, without its build metadata. */
export interface Version {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly prerelease: readonly string[];
}

const NUMBER = String.raw`(0|[1-9]\d{0,14})`;
const SUFFIX = String.raw`(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?`;
const VERSION = new RegExp(String.raw`^v?${NUMBER}\.${NUMBER}\.${NUMBER}${SUFFIX}$`);

/** "1.2.3-beta.1+build", with or without a v in front. Undefined if it is no version. */
export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  return match ? versionOf(match.slice(1, 4).map(Number), match[4]) : undefined;
}

/** Numbers that are not there are 0. */
export function versionOf(numbers: readonly (number | undefined)[], prerelease?: string): Version {
  return {
    numbers: [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0],
    prerelease: prerelease?.split(".") ?? [],
  };
}

/** Negative, zero or positive, by the precedence of semver.org. */
export function compareVersions(a: Version, b: Version): number {
  for (const [i, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  // A version without a pre-release comes after all of its pre-releases.
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return b.prerelease.length - a.prerelease.length;
  for (const [i, part] of a.prerelease.entries()) {
    const other = b.prerelease[i];
    if (other === undefined) return 1;
    if (part !== other) return comparePrereleaseParts(part, other);
  }
  return a.prerelease.length - b.prerelease.length;
}

function comparePrereleaseParts(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : 1;
}
