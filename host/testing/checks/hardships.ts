import assert from "node:assert/strict";
import { HostError } from "../../core/error.ts";
import type { JsonValue } from "../../config/json-value.ts";
import { answered, type PluginCheck } from "./plugin-check.ts";
import { probe, probesFor } from "./probes.ts";
import type { Subject, Variant } from "../subject.ts";

const CALLS = 10_000;

/** Of which the first may grow its memory: buffers find their size, caches fill. */
const WARM_UP = 2_000;

/** What a plugin may do without. */
const ROOM_BYTES = 65_536;

/** What befalls plugins in production, and their authors seldom try. */
export const HARDSHIP_CHECKS: readonly PluginCheck[] = [
  {
    name: "without settings, starts or says what is missing",
    run: (subject) => startsOrRefuses(subject, { config: {} }),
  },
  {
    name: "with settings of the wrong type, starts or says which",
    async run(subject) {
      for (const [key, value] of Object.entries(subject.config)) {
        const wrong: JsonValue = typeof value === "object" ? 7 : [value];
        await startsOrRefuses(subject, { config: { ...subject.config, [key]: wrong } });
      }
    },
  },
  {
    name: "starts or says no when every service fails",
    run: (subject) => startsOrRefuses(subject, { mood: "failing" }),
  },
  {
    name: "waits for services that are slow",
    async run(subject) {
      using instance = await subject.started({ mood: "slow" });
      await probe(subject, instance);
    },
  },
  {
    name: "answers, or dies cleanly, when its memory is used up",
    async run(subject) {
      using first = await subject.started();
      const memoryBytes = first.memory.report().usedBytes;
      for (const { capability, function: name, args } of probesFor(subject)) {
        using tight = await subject.started({ memoryBytes });
        await answered(tight.call(capability, name, args)).catch(unlessAtLimit);
      }
    },
  },
  {
    name: `answers ${CALLS.toLocaleString("en")} calls in the memory that it has after ${WARM_UP.toLocaleString("en")}`,
    async run(subject) {
      using instance = await subject.started();
      const used = () => instance.memory.report().usedBytes;
      const [cheapest] = probesFor(subject);
      if (!cheapest) return;
      let settled = 0;
      for (let call = 1; call <= CALLS; call++) {
        await answered(instance.call(cheapest.capability, cheapest.function, cheapest.args));
        if (call === WARM_UP) settled = used();
      }
      const grown = used() - settled;
      assert.ok(grown <= ROOM_BYTES, `it grew by ${grown} bytes, to ${used()}`);
    },
  },
  {
    name: "is of use again after a call that ran out of time",
    async run(subject) {
      for (const { capability, function: name, args } of probesFor(subject)) {
        using hurried = await subject.started({ mood: "slow" });
        await answered(hurried.call(capability, name, args, 1)).catch(unlessAtLimit);
      }
      using next = await subject.started();
      await probe(subject, next);
    },
  },
];

async function startsOrRefuses(subject: Subject, variant: Variant): Promise<void> {
  using instance = await subject.instance(variant);
  await instance.call("plugin", "info");
  const config = variant.config ?? subject.config;
  const refused = await instance.call("plugin", "initialize", [config]).then(
    () => false,
    (error: unknown) => {
      if (HostError.is(error, "PLUGIN_ERROR")) return true;
      throw error;
    },
  );
  // A host discards what did not want to start.
  if (!refused) await probe(subject, instance);
}

const LIMITS: ReadonlySet<string> = new Set([
  "PLUGIN_MEMORY_LIMIT",
  "PLUGIN_TIMEOUT",
  "PLUGIN_CPU_LIMIT",
  "PLUGIN_STOPPED",
]);

/** Whoever is out of memory or time is ended by the host: that is no fault of the plugin. */
function unlessAtLimit(error: unknown): void {
  if (!HostError.is(error) || !LIMITS.has(error.code)) throw error;
}
