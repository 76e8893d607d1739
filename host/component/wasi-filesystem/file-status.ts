import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { typeOf } from "./directory-entries.ts";

interface Datetime {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

export type NewTimestamp =
  | { readonly tag: "no-change" }
  | { readonly tag: "now" }
  | { readonly tag: "timestamp"; readonly val: Datetime };

/** The `descriptor-stat` of WASI. */
export function statusOf(stats: BigIntStats): object {
  return {
    type: typeOf(stats),
    linkCount: stats.nlink,
    size: stats.size,
    dataAccessTimestamp: datetime(stats.atimeNs),
    dataModificationTimestamp: datetime(stats.mtimeNs),
    statusChangeTimestamp: datetime(stats.ctimeNs),
  };
}

/** The `metadata-hash-value` of WASI: the same for the same file, and telling nothing of the system's numbers. */
export function metadataHash({ dev, ino }: BigIntStats): object {
  const hash = createHash("sha256").update(`${dev}:${ino}`).digest();
  return { lower: hash.readBigUInt64LE(0), upper: hash.readBigUInt64LE(8) };
}

/** In seconds, as Node takes it. */
export function newTime(wanted: NewTimestamp, unchangedNs: bigint): number {
  if (wanted.tag === "no-change") return Number(unchangedNs) / 1e9;
  if (wanted.tag === "now") return Date.now() / 1000;
  return Number(wanted.val.seconds) + wanted.val.nanoseconds / 1e9;
}

function datetime(ns: bigint): Datetime {
  const whole = ns < 0n ? 0n : ns;
  return { seconds: whole / 1_000_000_000n, nanoseconds: Number(whole % 1_000_000_000n) };
}
