// What `npm run soak` runs: swaps of a plugin under load, for as long as it takes to see whether memory stays flat.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { writeAtomically } from "../../host/core/write-atomically.ts";
import { memoryInUse } from "../kit/memory.ts";
import { swapUnderTraffic } from "../kit/swap-traffic.ts";

const MB = 2 ** 20;

/** How much larger the process may be at the end than it was after the first tenth of the swaps. */
const MOST_GROWTH = 1.15;

const { values } = parseArgs({
  options: {
    swaps: { type: "string", default: "1000" },
    callers: { type: "string", default: "64" },
    minutes: { type: "string", default: "30" },
  },
});
const swaps = Number(values.swaps);
const started = performance.now();
const samples: { swap: number; rss: number; heap: number }[] = [];

const path = await mkdtemp(join(tmpdir(), "tusk-soak-"));
const folder = {
  path,
  async write(name: string, contents: string | Uint8Array) {
    await writeAtomically(join(path, name), contents);
    return join(path, name);
  },
};

try {
  const { answers, refusals } = await swapUnderTraffic(folder, {
    swaps,
    callers: Number(values.callers),
    onSwap: sample,
  });
  const seconds = (performance.now() - started) / 1_000;
  console.log(
    `${swaps} swaps, ${refusals} builds refused, ${answers} calls answered in ${seconds.toFixed(0)} s. ` +
      "Each answer was of a generation that served while it was asked; no call failed.",
  );
  judge();
} finally {
  await rm(path, { recursive: true, force: true });
}

async function sample(swap: number, answers: number, refusals: number): Promise<void> {
  const minutes = (performance.now() - started) / 60_000;
  if (minutes > Number(values.minutes)) {
    throw new Error(`Only ${swap} of ${swaps} swaps in ${values.minutes} minutes (--minutes).`);
  }
  if (swap % Math.max(1, Math.floor(swaps / 20)) !== 0) return;
  const { rss, heap } = await memoryInUse();
  samples.push({ swap, rss, heap });
  const line = [
    `${String(swap).padStart(String(swaps).length)}/${swaps} swaps`,
    `${refusals} refused`,
    `${answers} answers`,
    `RSS ${(rss / MB).toFixed(0)} MB`,
    `heap ${(heap / MB).toFixed(0)} MB`,
    `${minutes.toFixed(1)} min`,
  ];
  console.log(line.join("  "));
}

/** Compares the last samples with those after the first tenth: until then the process grows to its working size. */
function judge(): void {
  const settled = samples.filter(({ swap }) => swap >= swaps / 10);
  const third = Math.ceil(settled.length / 3);
  const [early, late] = [settled.slice(0, third), settled.slice(-third)].map((some) =>
    Math.max(...some.map(({ rss }) => rss)),
  ) as [number, number];
  const growth = late / early;
  const flat = growth <= MOST_GROWTH;
  const text = `RSS ${flat ? "is flat" : "grows"}: at most ${(early / MB).toFixed(0)} MB early, ${(late / MB).toFixed(0)} MB late (× ${growth.toFixed(2)})`;
  console.log(styleText(flat ? "green" : "red", text));
  if (!flat) process.exitCode = 1;
}
