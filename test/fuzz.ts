// Reads mutated input with everything of the host that reads bytes of others, until something happens that must
// not, or the bounds are reached:
//
//     npm run fuzz -- --target rewriter --runs 1000000 --seed 7
//     npm run fuzz -- --seconds 60
//
// What is found is found again by its seed, and kept in a file.

import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { globalSetup } from "./setup.ts";
import { Finding, type FuzzProgress, runTarget } from "./fuzz/run-target.ts";
import { TARGETS } from "./fuzz/targets.ts";
import { memoryInUse } from "./kit/memory.ts";

const MB = 2 ** 20;

const { values } = parseArgs({
  options: {
    target: { type: "string", multiple: true },
    runs: { type: "string", default: "100000" },
    seconds: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
  },
});
const [runs, seconds, seed] = [values.runs, values.seconds, values.seed].map(Number) as [
  number,
  number,
  number,
];
const names = values.target ?? TARGETS.map(({ name }) => name);
const unknown = names.filter((name) => !TARGETS.some((target) => target.name === name));
if (unknown.length > 0 || [runs, seconds, seed].some((number) => !(number >= 0))) {
  const known = TARGETS.map(({ name }) => name).join(", ");
  console.error(
    `Usage: npm run fuzz -- [--target NAME]… [--runs N] [--seconds N] [--seed N]; targets: ${known}`,
  );
  process.exit(2);
}

await globalSetup();
for (const target of TARGETS.filter(({ name }) => names.includes(name))) {
  console.log(`${target.name}, seed ${seed}`);
  try {
    const report = await runTarget(target, { seed, runs, seconds }, show);
    if (process.stdout.isTTY) process.stdout.write("\r\u001b[K");
    const { heap, rss } = await memoryInUse();
    const tookSeconds = report.durationMs / 1000;
    console.log(
      `  ${report.runs} in ${tookSeconds.toFixed(1)} s, ${(report.runs / tookSeconds).toFixed(0)} a second; ` +
        `the slowest took ${report.slowestMs.toFixed(0)} ms; afterwards heap ${mb(heap)}, RSS ${mb(rss)}`,
    );
    for (const [end, count] of report.ends) console.log(`  ${String(count).padStart(8)} × ${end}`);
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    const file = join(tmpdir(), `tusk-finding-${target.name.replace(".", "")}-${seed}`);
    await writeFile(file, error.input);
    console.error(error, `\nThe input is in ${file}`);
    process.exit(1);
  }
}

/** One line that is written over, or, where nobody looks, a line every ten seconds. */
function show({ runs: done, durationMs, slowestMs, rssBytes }: FuzzProgress): void {
  const line = `  ${done} of ${runs} after ${(durationMs / 1000).toFixed(0)} s; slowest ${slowestMs.toFixed(0)} ms; RSS ${mb(rssBytes)}`;
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
  else if (Math.floor(durationMs / 1000) % 10 === 0) console.log(line);
}

function mb(bytes: number): string {
  return `${(bytes / MB).toFixed(0)} MB`;
}
