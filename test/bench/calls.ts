// What does a call cost? One kilobyte of JSON there and back, through plugins that decode and encode it, beside
// Extism with a plugin that copies bytes: the least that it can do.
import createExtism from "@extism/extism";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { createHost } from "tusk-host";
import { fixture } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { EXTISM_ECHO } from "./extism-echo.ts";
import { inTurns, quantiles } from "./measure.ts";

const KILOBYTE = { id: 1, tags: Array.from({ length: 20 }, (_, i) => `tag${i}`), text: "x".repeat(800) };
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
const echo = (name: string) => () => host.plugin(name).database.executeQuery("echo", [KILOBYTE]);

const wasm = new Uint8Array(await parse(EXTISM_ECHO));
const inThread = await createExtism({ wasm: [{ data: wasm }] }, { useWasi: false });
const inWorker = await createExtism({ wasm: [{ data: wasm }] }, { useWasi: false, runInWorker: true });
const extism = (plugin: typeof inThread) => async () =>
  (await plugin.call("echo", JSON.stringify([KILOBYTE])))?.json();

const results = await inTurns(
  {
    "tusk-host, AssemblyScript, decodes and encodes": echo("conformance-as"),
    "tusk-host, Rust, decodes and encodes": echo("conformance-rust"),
    "Extism in its worker (time limit), copies bytes": extism(inWorker),
    "Extism in thread (no time limit), copies bytes": extism(inThread),
  },
  { rounds: 15, repetitions: 300 },
);
await Promise.all([inThread.close(), inWorker.close()]);

const base = quantiles(results["tusk-host, AssemblyScript, decodes and encodes"] ?? []).median;
console.log("A call with 1 KB of JSON");
console.table(
  Object.fromEntries(
    Object.entries(results).map(([name, times]) => {
      const { median } = quantiles(times);
      return [name, { µs: Number(median.toFixed(1)), ratio: Number((median / base).toFixed(2)) }];
    }),
  ),
);
