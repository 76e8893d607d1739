// What does it cost to have a plugin in a worker thread? An empty call, and one kilobyte of JSON there and back: in
// the host's thread, in a worker, and in Extism's worker, which is its only mode with a time limit.
import createExtism from "@extism/extism";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { createHost } from "tusk-host";
import { fixture } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { EXTISM_ECHO } from "./extism-echo.ts";
import { inTurns, quantiles } from "./measure.ts";

const KILOBYTE = { id: 1, tags: Array.from({ length: 20 }, (_, i) => `tag${i}`), text: "x".repeat(800) };
const PLUGIN = {
  path: fixture("conformance-as"),
  permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
  dependencies: ["nobody?"],
};

await using host = await createHost({
  settings: await settingsFor({
    inline: { ...PLUGIN, placement: "inline" },
    worker: { ...PLUGIN, placement: "worker" },
  }),
});
const [inline, worker] = [host.plugin("inline"), host.plugin("worker")];
const wasm = new Uint8Array(await parse(EXTISM_ECHO));
const extism = await createExtism({ wasm: [{ data: wasm }] }, { useWasi: false, runInWorker: true });

const contestants = {
  "an empty call": {
    "tusk-host, inline": () => inline.notification.testConnection(),
    "tusk-host, worker": () => worker.notification.testConnection(),
    "Extism, worker": () => extism.call("echo", ""),
  },
  "1 KB of JSON, decoded and encoded (Extism: bytes copied)": {
    "tusk-host, inline": () => inline.database.executeQuery("echo", [KILOBYTE]),
    "tusk-host, worker": () => worker.database.executeQuery("echo", [KILOBYTE]),
    "Extism, worker": async () => (await extism.call("echo", JSON.stringify([KILOBYTE])))?.json() as unknown,
  },
};

for (const [what, calls] of Object.entries(contestants)) {
  const results = await inTurns(calls, { rounds: 15, repetitions: 300 });
  console.log(what);
  console.table(
    Object.fromEntries(
      Object.entries(results).map(([name, times]) => {
        const { median, p99 } = quantiles(times);
        return [name, { µs: Number(median.toFixed(1)), "µs, slowest round": Number(p99.toFixed(1)) }];
      }),
    ),
  );
}
await extism.close();
