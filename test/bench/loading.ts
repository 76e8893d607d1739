// How long does it take to load a plugin never seen before, one seen in an earlier run, and one seen in this
// run; and how long does a swap take, while calls go on?
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createHost } from "tusk-host";
import { fixture } from "../kit/fixtures.ts";
import { markedBuild } from "../kit/marked-build.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { quantiles, timed } from "./measure.ts";
import { withFolder } from "./with-folder.ts";

const ROUNDS = 12;
const permissions = {
  cache: true,
  database: ["main"],
  "http-client": ["127.0.0.1"],
  mail: ["*@example.com"],
};
const rows: Record<string, Record<string, string>> = {};

await withFolder(async (folder) => {
  for (const name of ["conformance-as", "conformance-rust"] as const) {
    const build = await readFile(fixture(name));
    const file = join(folder.path, "plugin.wasm");
    const cacheDir = join(folder.path, `cache-${name}`);
    const settings = await settingsFor({
      plugin: { path: join(folder.path, "plugin.wasm"), permissions, dependencies: ["nobody?"] },
    });
    const times: Record<string, number[]> = { cold: [], "from disk": [], "from memory": [], swap: [] };

    for (let round = 0; round < ROUNDS; round++) {
      await folder.write("plugin.wasm", markedBuild(build, round));
      for (const what of ["cold", "from disk"] as const) {
        await using host = await createHost({ cacheDir });
        times[what]?.push(await timed(() => host.load(file, settings.plugins["plugin"])));
      }
    }
    await using host = await createHost({ settings, cacheDir });
    for (let round = 0; round < ROUNDS; round++) {
      await folder.write("plugin.wasm", markedBuild(build, ROUNDS + round));
      times["swap"]?.push(await timed(() => host.reload("plugin")));
      await host.unload("plugin");
      times["from memory"]?.push(await timed(() => host.load(file, settings.plugins["plugin"])));
    }
    rows[name] = Object.fromEntries(
      Object.entries(times).map(([what, ms]) => [`${what}, ms`, quantiles(ms).median.toFixed(1)]),
    );
  }
});
console.log("Loading and swapping (medians; cold includes the start of the thread that transpiles)");
console.table(rows);
