import { createHistogram } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import type { MemoryReport } from "../engine/memory-meter.ts";
import type { PluginHandle } from "../plugin/plugin-handle.ts";
import { answered } from "./checks/plugin-check.ts";
import type { Probe } from "./checks/probes.ts";

/** How long calls are measured: until one of them is reached. */
interface MeasuringLimits {
  readonly durationMs: number;
  readonly calls: number;
}

/** What calls of one function cost, one after the other. */
export interface CallMeasurement {
  readonly calls: number;
  readonly callsPerSecond: number;
  /** Milliseconds. */
  readonly latencyMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  readonly memory: Pick<MemoryReport, "usedBytes" | "peakBytes">;
}

const NS_PER_MS = 1e6;

/** The share of the time and of the calls that comes before, and does not count: compilers and buffers settle. */
const WARM_UP = 0.1;

/** Timers, signals and the plugin's own deadline have a turn this often. */
const TURN_MS = 10;

/**
 * Calls a function of a plugin again and again. Errors of the contract are answers.
 *
 * @throws HostError whatever else ends a call
 */
export async function measureCalls(
  plugin: PluginHandle,
  { capability, function: name, args }: Probe,
  { durationMs, calls }: MeasuringLimits,
): Promise<CallMeasurement> {
  const call = () => answered(plugin.call(capability, name, args));
  await repeat(call, { durationMs: durationMs * WARM_UP, calls: calls * WARM_UP });
  const histogram = createHistogram();
  const { times, elapsedMs } = await repeat(call, { durationMs, calls }, (tookMs) =>
    histogram.record(Math.max(1, Math.round(tookMs * NS_PER_MS))),
  );
  const { memory } = plugin.status();
  const at = (percentile: number) => histogram.percentile(percentile) / NS_PER_MS;
  return {
    calls: times,
    callsPerSecond: (times / elapsedMs) * 1_000,
    latencyMs: { p50: at(50), p90: at(90), p99: at(99), max: histogram.max / NS_PER_MS },
    memory: { usedBytes: memory?.usedBytes ?? 0, peakBytes: memory?.peakBytes ?? 0 },
  };
}

/** @returns How often it was called, at least once, and how long that took without the turns of others. */
async function repeat(
  call: () => Promise<unknown>,
  { durationMs, calls }: MeasuringLimits,
  record: (tookMs: number) => void = () => undefined,
): Promise<{ times: number; elapsedMs: number }> {
  let times = 0;
  let elapsedMs = 0;
  while (times === 0 || (times < calls && elapsedMs < durationMs)) {
    const turn = performance.now();
    let now = turn;
    do {
      const start = now;
      await call();
      now = performance.now();
      record(now - start);
      times++;
    } while (times < calls && now - turn < TURN_MS);
    elapsedMs += now - turn;
    await setImmediate();
  }
  return { times, elapsedMs };
}
