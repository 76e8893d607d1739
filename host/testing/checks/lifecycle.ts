import assert from "node:assert/strict";
import { answered, type PluginCheck } from "./plugin-check.ts";
import { probe, probesFor } from "./probes.ts";

/** The plugin's life as a host leads it, and in an order in which nobody should. */
export const LIFECYCLE_CHECKS: readonly PluginCheck[] = [
  {
    name: "says the same of itself before and after it is initialised",
    async run(subject) {
      using instance = await subject.instance();
      const before = await instance.call("plugin", "info");
      await instance.call("plugin", "initialize", [subject.config]);
      assert.deepEqual(await instance.call("plugin", "info"), before);
    },
  },
  {
    name: "is healthy once it is initialised",
    capability: "health",
    async run(subject) {
      using instance = await subject.started();
      await instance.call("health", "check");
    },
  },
  {
    name: "answers what is asked before it is initialised, if only with an error",
    async run(subject) {
      for (const { capability, function: name, args } of probesFor(subject)) {
        using instance = await subject.instance();
        await answered(instance.call(capability, name, args));
      }
    },
  },
  {
    name: "can be initialised twice",
    async run(subject) {
      using instance = await subject.started();
      await answered(instance.call("plugin", "initialize", [subject.config]));
      await probe(subject, instance);
    },
  },
  {
    name: "shuts down",
    async run(subject) {
      using instance = await subject.started();
      await instance.call("plugin", "shutdown");
    },
  },
  {
    name: "can be shut down twice, and asked afterwards",
    async run(subject) {
      using instance = await subject.started();
      await answered(instance.call("plugin", "shutdown"));
      await answered(instance.call("plugin", "shutdown"));
      await probe(subject, instance);
    },
  },
  {
    name: "takes over the state that it saved",
    capability: "state",
    async run(subject) {
      using before = await subject.started();
      await probe(subject, before);
      const info = (await before.call("plugin", "info")) as { version: string };
      const saved = await before.call("state", "save");
      assert.deepEqual(await before.call("state", "save"), saved, "saving changes what is saved");
      using after = await subject.started();
      await after.call("state", "restore", [saved, info.version]);
      assert.deepEqual(await after.call("state", "save"), saved, "what is restored is not what was saved");
    },
  },
];
