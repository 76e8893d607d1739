// What does a call cost? Nothing at all, one kilobyte and sixteen of JSON there and back, and one that asks the host
// for the time, through plugins that decode and encode what they are given; beside Extism with a plugin that copies
// bytes: the least that it can do.
import createExtism from "@extism/extism";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { createHost } from "tusk-host";
import { fixture } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { EXTISM_ECHO } from "./extism-echo.ts";
import { inTurns, quantiles } from "./measure.ts";

const KILOBYTE = [{ id: 1, tags: Array.from({ length: 20 }, (_, i) => `tag${i}`), text: "x".repeat(800) }];
const SIXTEEN_KILOBYTES = Array.from({ length: 160 }, (_, i) => ({
  id: i,
  name: `name ${i}`,
  text: "y".repeat(60),
}));
const permissions = {
  cache: true,
  database: ["main"],
  "http-client": ["127.0.0.1"],
  mail: ["*@example.com"],
};

const dependencies = ["nobody?"];

const names = ["conformance-as", "conformance-rust"] as const;
const settings = Object.fromEntries(
  await Promise.all(
    names.map(async (name) => [name, { path: fixture(name), permissions, dependencies }] as const),
  ),
);
await using host = await createHost({ settings: await settingsFor(settings) });

const wasm = new Uint8Array(await parse(EXTISM_ECHO));
const inThread = await createExtism({ wasm: [{ data: wasm }] }, { useWasi: false });
const inWorker = await createExtism({ wasm: [{ data: wasm }] }, { useWasi: false, runInWorker: true });

interface Question {
  readonly repetitions: number;
  readonly ours: (name: string) => Promise<unknown>;
  /** Nothing where Extism's plugin has no counterpart. */
  readonly theirs?: (plugin: typeof inThread) => Promise<unknown>;
}

const echo = (value: readonly unknown[], repetitions: number): Question => ({
  repetitions,
  ours: (name) => host.plugin(name).database.executeQuery("echo", value),
  theirs: async (plugin) => (await plugin.call("echo", JSON.stringify(value)))?.json(),
});

const QUESTIONS: Readonly<Record<string, Question>> = {
  "nothing, µs": {
    repetitions: 300,
    ours: (name) => host.plugin(name).notification.testConnection(),
    theirs: (plugin) => plugin.call("echo", ""),
  },
  "one import, µs": {
    repetitions: 300,
    ours: (name) => host.plugin(name).database.executeQuery("now", []),
  },
  "1 KB, µs": echo(KILOBYTE, 300),
  "16 KB, µs": echo(SIXTEEN_KILOBYTES, 30),
};

const rows: Record<string, Record<string, number>> = {};
for (const [question, { repetitions, ours, theirs }] of Object.entries(QUESTIONS)) {
  const results = await inTurns(
    {
      "tusk-host, AssemblyScript": () => ours("conformance-as"),
      "tusk-host, Rust": () => ours("conformance-rust"),
      ...(theirs && {
        "Extism in its worker (time limit), copies bytes": () => theirs(inWorker),
        "Extism in thread (no time limit), copies bytes": () => theirs(inThread),
      }),
    },
    { rounds: 15, repetitions },
  );
  for (const [name, times] of Object.entries(results)) {
    (rows[name] ??= {})[question] = Number(quantiles(times).median.toFixed(1));
  }
}
await Promise.all([inThread.close(), inWorker.close()]);
console.log("What a call costs (medians)");
console.table(rows);
