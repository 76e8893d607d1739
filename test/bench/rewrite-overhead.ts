// What does the rewrite cost? Eight kernels, as they are against as they run here, and how fast the pass is.
//
//   node test/bench/rewrite-overhead.ts

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { instrument, type InstrumentOptions } from "../../host/wasm/instrument.ts";
import { arm } from "../unit/wasm/armed-instance.ts";

/** How often a kernel goes round in one sample, so that all samples take some milliseconds. */
const KERNELS = {
  sha256: 10,
  jsonScan: 8,
  sort: 1,
  nBody: 3,
  allocation: 4,
  calls: 14,
  strings: 30,
  simd: 100,
};
const SAMPLES = 60;
const WARM_UP_MS = 200;
const LIMITS = { maxMemoryPages: 1600, maxTableElements: 10_000 } as const;
const SLICE = 1_000_000n;

type Variant = "original" | InstrumentOptions["fuel"];
const VARIANTS: readonly Variant[] = ["original", "sliced", "exact"];

interface Run {
  readonly variant: Variant;
  readonly kernel: (rounds: number) => void;
  readonly samplesMs: number[];
}

const original = await compileKernels();
const modules = new Map(VARIANTS.map((variant) => [variant, new WebAssembly.Module(bytesOf(variant))]));

console.log("kernel        original ms   sliced    exact");
const ratios = { sliced: [] as number[], exact: [] as number[] };
for (const [name, rounds] of Object.entries(KERNELS)) {
  const [base, sliced, exact] = measure(name, rounds);
  ratios.sliced.push(sliced / base);
  ratios.exact.push(exact / base);
  console.log(row(name, base.toFixed(3), ratio(sliced / base), ratio(exact / base)));
}
console.log(
  row("geometric mean", "", ratio(geometricMean(ratios.sliced)), ratio(geometricMean(ratios.exact))),
);

console.log("\nmodule                                        MB   sliced ms/MB   exact ms/MB   grows by");
for (const module of ["js-component-bindgen-component.core.wasm", "wasm-tools.core.wasm"]) {
  const url = new URL(`../vendor/${module}`, import.meta.resolve("@bytecodealliance/jco-transpile"));
  const bytes = await readFile(fileURLToPath(url));
  const megabytes = bytes.length / 2 ** 20;
  const speed = (["sliced", "exact"] as const).map((fuel) => rewriteMs(bytes, fuel) / megabytes);
  const growth = instrument(bytes, module, { ...LIMITS, fuel: "sliced" }).bytes.length / bytes.length - 1;
  const columns = [
    ...speed.map((ms) => ms.toFixed(1).padStart(13)),
    `${(growth * 100).toFixed(1)} %`.padStart(9),
  ];
  console.log(module.padEnd(42), megabytes.toFixed(1).padStart(5), ...columns);
}

async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), "tusk-kernels-"));
  try {
    const output = join(folder, "kernels.wasm");
    const source = fileURLToPath(new URL("kernels/assembly/index.ts", import.meta.url));
    const options = ["-O3", "--runtime", "incremental", "--enable", "simd", "--use", "abort="];
    const compiler = fileURLToPath(new URL("../bin/asc.js", import.meta.resolve("assemblyscript/asc")));
    execFileSync(process.execPath, [compiler, source, ...options, "-o", output], { cwd: folder });
    return new Uint8Array(await readFile(output));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function bytesOf(variant: Variant): Uint8Array<ArrayBuffer> {
  return variant === "original"
    ? original
    : instrument(original, "kernels", { ...LIMITS, fuel: variant }).bytes;
}

/** The median of each variant in milliseconds; their samples take turns, so that noise hits all alike. */
function measure(name: string, rounds: number): [original: number, sliced: number, exact: number] {
  const runs = VARIANTS.map((variant) => start(variant, name));
  for (const { kernel } of runs) {
    const end = performance.now() + WARM_UP_MS;
    while (performance.now() < end) kernel(rounds);
  }
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (const { kernel, samplesMs } of runs) {
      const started = performance.now();
      kernel(rounds);
      samplesMs.push(performance.now() - started);
    }
  }
  return runs.map(({ samplesMs }) => median(samplesMs)) as [number, number, number];
}

function start(variant: Variant, name: string): Run {
  const instance = new WebAssembly.Instance(modules.get(variant) as WebAssembly.Module);
  if (variant !== "original") {
    // Goes on as an engine would that has time left.
    const stops = (fuel: WebAssembly.Global<bigint>): boolean => {
      fuel.value = SLICE;
      return false;
    };
    arm(instance, { fuel: SLICE, stops });
    (instance.exports["tusk:start"] as (() => void) | undefined)?.();
  }
  return { variant, kernel: instance.exports[name] as Run["kernel"], samplesMs: [] };
}

function rewriteMs(bytes: Uint8Array, fuel: InstrumentOptions["fuel"]): number {
  const samplesMs = Array.from({ length: 9 }, () => {
    const started = performance.now();
    instrument(bytes, "module", { ...LIMITS, fuel });
    return performance.now() - started;
  });
  return median(samplesMs);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function ratio(value: number): string {
  return `${value.toFixed(2)}×`;
}

function row(name: string, base: string, sliced: string, exact: string): string {
  return `${name.padEnd(14)}${base.padStart(11)}${sliced.padStart(9)}${exact.padStart(9)}`;
}
