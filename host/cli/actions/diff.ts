import { type BinaryDiff, diffBinaries } from "../binary-diff.ts";
import { inspectBinary } from "../inspection.ts";
import type { Output } from "../output.ts";
import { plain } from "../plain.ts";
import { readBinary } from "../read-binary.ts";
import type { Session } from "../session.ts";

const COMMAND = "tusk diff";

/** Tells in what two builds differ. */
export async function diff(session: Session, before: string, after: string): Promise<void> {
  const { output } = session;
  const [left, right] = await Promise.all([readBinary(before, COMMAND), readBinary(after, COMMAND)]);
  const difference = diffBinaries(inspectBinary(left, before), inspectBinary(right, after));
  if (output.json) output.document(difference);
  else print(output, difference);
  if (difference.differ) session.exit = "failed";
}

function print(output: Output, { differ, values, names }: BinaryDiff): void {
  if (!differ) return output.line("They are the same.");
  const changed = names.filter(({ added, removed }) => added.length + removed.length > 0);
  if (values.length === 1 && changed.length === 0) output.line("They have the same shape, and other code.");
  for (const { what, from, to } of values) output.line(`${what}: ${plain(from)} → ${plain(to)}`);
  for (const { what, added, removed } of changed) {
    for (const name of removed) output.line(output.style("red", `${what}: - ${plain(name)}`));
    for (const name of added) output.line(output.style("green", `${what}: + ${plain(name)}`));
  }
}
