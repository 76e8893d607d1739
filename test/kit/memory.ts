import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * Bytes that are in use when all that is not needed has been collected: `external` are those of buffers, and of texts
 * that were made of them.
 */
export async function memoryInUse(): Promise<{ heap: number; external: number; rss: number }> {
  // What finalisers and weak references let go of is collected in a turn of its own.
  for (let i = 0; i < 4; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, rss };
}
