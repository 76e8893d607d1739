// What does it cost a plugin in AssemblyScript to read a kilobyte of JSON and to write it again, as a class that is
// `@json` and as a tree of values? In processor time, without a host around it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { resolveAsProject } from "../../host/build/as-project.ts";
import { compileAs } from "../../host/build/compile-as.ts";
import { decodeJson, encodeJson } from "../../host/marshal/json.ts";
import { quantiles } from "./measure.ts";

const ROUNDS = 30;
const REPETITIONS = 1000;
const KILOBYTE = Array.from({ length: 6 }, (_, i) => ({
  id: 1_000_000 + i,
  name: `Ada Lovelace the ${i}.`,
  active: i % 2 === 0,
  score: i * 1.37 + 0.5,
  tags: ["mathematics", "poetry", "engines"],
  address: { street: "12 St James's Square", city: "London", zip: 10_000 + i },
  created_at: "2025-11-22T19:10:54.123Z",
}));
const INPUTS = { MessagePack: encodeJson(KILOBYTE), "JSON text": Buffer.from(JSON.stringify(KILOBYTE)) };
const WAYS = {
  class: { MessagePack: "typed", "JSON text": "typedText" },
  value: { MessagePack: "tree", "JSON text": "treeText" },
};

const project = await resolveAsProject(join(import.meta.dirname, "json-as"));
const { outputs } = await compileAs(project, { outFile: "json.wasm", optimizeLevel: "3", shrinkLevel: "1" });
const module = new WebAssembly.Module(outputs.get("json.wasm") as Uint8Array<ArrayBuffer>);
const { exports } = new WebAssembly.Instance(module, { "tusk:plugin/logger@0.1.0": { log() {} } });
const call = (name: string, ...args: number[]) => (exports[name] as (...args: number[]) => number)(...args);
const memory = exports["memory"] as WebAssembly.Memory;
call("_initialize");

function take(bytes: Uint8Array): void {
  const start = call("cabi_realloc", 0, 0, 1, bytes.length);
  new Uint8Array(memory.buffer).set(bytes, start);
  call("take", start, bytes.length);
}

function verifyAnswer(form: keyof typeof INPUTS): void {
  const bytes = new Uint8Array(memory.buffer).slice(call("answer"), call("answer") + call("answerLength"));
  const read: unknown = form === "JSON text" ? JSON.parse(Buffer.from(bytes).toString()) : decodeJson(bytes);
  assert.deepEqual(read, KILOBYTE);
}

const rows: Record<string, Record<string, number>> = {};
for (const form of Object.keys(INPUTS) as (keyof typeof INPUTS)[]) {
  take(INPUTS[form]);
  const times: Record<string, number[]> = {};
  for (let round = -3; round < ROUNDS; round++) {
    for (const [way, { [form]: name }] of Object.entries(WAYS)) {
      const before = process.cpuUsage();
      call(name, REPETITIONS);
      const { user, system } = process.cpuUsage(before);
      verifyAnswer(form);
      // The first rounds warm up.
      if (round >= 0) (times[way] ??= []).push((user + system) / REPETITIONS);
    }
  }
  const column = `${form}, ${INPUTS[form].length} bytes, µs`;
  for (const [way, each] of Object.entries(times)) {
    (rows[way] ??= {})[column] = Number(quantiles(each).median.toFixed(1));
  }
}
console.log("Reading a kilobyte of JSON and writing it (medians of processor time)");
console.table(rows);
