// Two plugins spin, in the host's own thread or in workers, and have 300 ms of CPU each. How long is a turn of the
// event loop meanwhile, and how long after its limit does one end?
import { createHost, type Host, HostError } from "tusk-host";
import { buildWat } from "../hostile/wat-plugin.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { quantiles } from "./measure.ts";
import { withFolder } from "./with-folder.ts";

const CPU_MS = 300;
const ROUNDS = 10;
const PLACEMENTS = ["inline", "worker"] as const;

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
  const rows: Record<string, Record<string, string>> = {};
  for (const placement of PLACEMENTS) rows[placement] = await measure(placement);
  console.log(`Two plugins that spin for ${CPU_MS} ms each, ${ROUNDS} rounds; all in ms`);
  console.table(rows);

  async function measure(placement: (typeof PLACEMENTS)[number]): Promise<Record<string, string>> {
    const spinner = { path: file, limits, placement };
    const plugins = { one: spinner, two: spinner };
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

    const [turn, end] = [quantiles(turns), quantiles(late)];
    return {
      "a turn of the event loop": turn.median.toFixed(2),
      "p99 of turns": turn.p99.toFixed(2),
      "alone, ended after its limit": end.median.toFixed(2),
      "p99 of ends": end.p99.toFixed(2),
    };
  }
});
