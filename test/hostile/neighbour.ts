import assert from "node:assert/strict";
import type { PluginHandle } from "tusk-host";

/** Somebody who goes on asking a well-behaved plugin while others do what they do. */
export interface Asking {
  /** Asks no more, and tells how long an answer took at the longest, in milliseconds. */
  stop(): Promise<number>;
}

/** @param neighbour Answers the query "echo" with its parameters. */
export function keepAsking(neighbour: PluginHandle): Asking {
  let longestMs = 0;
  let goesOn = true;
  const asked = (async () => {
    while (goesOn) {
      const start = performance.now();
      assert.deepEqual(await neighbour.database.executeQuery("echo", [1, "🦣"]), [1, "🦣"]);
      longestMs = Math.max(longestMs, performance.now() - start);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  return {
    async stop() {
      goesOn = false;
      await asked;
      return longestMs;
    },
  };
}
