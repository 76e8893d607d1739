// Two plugins spin in the host's own thread, and have 300 ms of CPU each. How long is a turn of the event loop
// meanwhile, and how long after its limit does one end?
import { createHost, type Host, HostError } from "tusk-host";
import { buildWat } from "../hostile/wat-plugin.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { quantiles } from "./measure.ts";
import { withFolder } from "./with-folder.ts";

const CPU_MS = 300;
const ROUNDS = 10;

/** Resolves when the plugin has been stopped. */
async function spin(host: Host, name: string): Promise<void> {
  try {
    await host.plugin(name).database.executeQuery("", []);
  } catch (error) {
    if (!HostError.is(error, "PLUGIN_CPU_LIMIT")) throw error;
  }
}

await withFolder(async (folder) => {
  const file = await folder.write(
    "spin.wasm",
    await buildWat({ query: "(loop $forever (br $forever)) (i32.const 128)" }),
  );
  const limits = { cpuMs: CPU_MS, timeoutMs: 60_000 };
  const plugins = { one: { path: file, limits }, two: { path: file, limits } };
  const turns: number[] = [];
  const late: number[] = [];

  for (let round = 0; round < ROUNDS; round++) {
    await using host = await createHost({ settings: await settingsFor(plugins) });
    let spinning = true;
    const meter = (async () => {
      while (spinning) {
        const start = performance.now();
        await new Promise((resolve) => setImmediate(resolve));
        turns.push(performance.now() - start);
      }
    })();
    await Promise.all(["one", "two"].map((name) => spin(host, name)));
    spinning = false;
    await meter;
    // Alone, so that the time that passes is its own.
    const start = performance.now();
    await spin(host, "one");
    late.push(performance.now() - start - CPU_MS);
  }

  const turn = quantiles(turns);
  console.log(`Two plugins that spin for ${CPU_MS} ms each, ${ROUNDS} rounds`);
  console.table({
    "a turn of the event loop, ms": { median: turn.median.toFixed(2), p99: turn.p99.toFixed(2) },
    "alone, ended after its limit, ms": {
      median: quantiles(late).median.toFixed(2),
      p99: quantiles(late).p99.toFixed(2),
    },
  });
});
