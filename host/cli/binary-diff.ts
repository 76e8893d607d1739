import type { Inspection } from "./inspection.ts";

/** In what two builds differ. */
export interface BinaryDiff {
  /** Whether they differ in anything at all, be it one byte. */
  readonly differ: boolean;
  /** What each build has one of, where it is another. */
  readonly values: readonly { readonly what: string; readonly from: string; readonly to: string }[];
  /** What each build has many of. */
  readonly names: readonly {
    readonly what: string;
    readonly added: readonly string[];
    readonly removed: readonly string[];
  }[];
}

/** Holds two builds against each other, by what they say of themselves. */
export function diffBinaries(before: Inspection, after: Inspection): BinaryDiff {
  const values = VALUES.map(([what, read]) => ({ what, from: read(before), to: read(after) }));
  const names = NAMES.map(([what, read]) => {
    const [from, to] = [read(before), read(after)];
    return {
      what,
      added: to.filter((name) => !from.includes(name)),
      removed: from.filter((name) => !to.includes(name)),
    };
  });
  return {
    differ: before.sha256 !== after.sha256,
    values: values.filter(({ from, to }) => from !== to),
    names,
  };
}

const VALUES: readonly (readonly [what: string, read: (inspection: Inspection) => string])[] = [
  ["sha256", ({ sha256 }) => sha256],
  ["kind", ({ kind }) => kind],
  ["contract", ({ plugin }) => plugin?.contractVersion ?? "none"],
  ["size", ({ sizeBytes }) => `${sizeBytes} bytes`],
  ["core modules", ({ coreModules }) => String(coreModules.length)],
  ["functions", ({ coreModules }) => String(coreModules.reduce((sum, { functions }) => sum + functions, 0))],
];

const NAMES: readonly (readonly [what: string, read: (inspection: Inspection) => readonly string[]])[] = [
  ["permissions", ({ plugin }) => plugin?.permissions ?? []],
  ["capabilities", ({ plugin }) => plugin?.capabilities ?? []],
  ["imports", ({ imports }) => imports],
  ["exports", ({ exports }) => exports],
  ["sections", ({ customSections }) => customSections],
];
