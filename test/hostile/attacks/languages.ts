import type { ErrorCode } from "../../../host/core/error.ts";
import { ALL, type Attack, type Ending, type Language, type Target } from "./attack.ts";

const AS: readonly Language[] = ["assemblyscript"];
const RUST: readonly Language[] = ["rust", "rust-wasip2"];

const CPU = ["PLUGIN_CPU_LIMIT", "PLUGIN_TIMEOUT"] as const;
const MEMORY = ["PLUGIN_MEMORY_LIMIT", "PLUGIN_TRAPPED"] as const;
/** Of what is damaged in many ways at once, which shows first is not ours to say. */
const SOMEHOW = [...CPU, ...MEMORY, "PLUGIN_ANSWER_INVALID"] as const;
const TOO_DEEP = [
  "PLUGIN_ANSWER_INVALID",
  "PLUGIN_TRAPPED",
  "PLUGIN_STACK_OVERFLOW",
  "PLUGIN_ERROR",
] as const;
const BEYOND = ["PLUGIN_TRAPPED", "PLUGIN_ANSWER_INVALID"] as const;

type Row = readonly [
  languages: readonly Language[],
  target: Target,
  name: string,
  query: string,
  code: ErrorCode | readonly ErrorCode[],
];

const ROWS: readonly Row[] = [
  [ALL, "machine", "spins", "spin", CPU],
  [ALL, "machine", "calls itself without end", "recurse", "PLUGIN_STACK_OVERFLOW"],
  [ALL, "values", "answers lists twenty thousand deep", "nest-an-answer", TOO_DEEP],
  [ALL, "values", "answers 32 MiB", "answer-a-lot", SOMEHOW],
  [ALL, "memory", "overwrites all of its memory", "overwrite-itself", SOMEHOW],
  [AS, "memory", "makes garbage for ever", "make-garbage", CPU],
  [AS, "memory", "keeps a list that grows", "keep-a-list", SOMEHOW],
  [AS, "memory", "keeps arrays", "keep-arrays", MEMORY],
  [AS, "memory", "doubles a string", "double-a-string", MEMORY],
  [AS, "memory", "claims a gigabyte", "claim-a-gigabyte", MEMORY],
  [AS, "memory", "stores beyond its memory", "store-beyond", "PLUGIN_TRAPPED"],
  [AS, "memory", "calls what is in no table", "call-nothing", "PLUGIN_TRAPPED"],
  [AS, "memory", "has an answer written beyond its memory", "handle:answer-beyond-memory", BEYOND],
  [AS, "memory", "gives a name beyond its memory", "handle:name-beyond-memory", BEYOND],
  [AS, "memory", "gives a name of 4 GiB", "handle:name-of-4-GiB", BEYOND],
  [AS, "logger", "throws terminal escapes", "throw-escapes", "PLUGIN_TRAPPED"],
  [AS, "logger", "throws a megabyte", "throw-a-megabyte", "PLUGIN_TRAPPED"],
  [AS, "logger", "logs for ever", "log-for-ever", CPU],
  [AS, "machine", "sorts by an order that contradicts itself", "sort-badly", CPU],
  [RUST, "memory", "leaks", "leak", MEMORY],
  [RUST, "memory", "allocates and frees for ever", "allocate-and-free", CPU],
  [RUST, "memory", "claims two gigabytes", "claim-2-gigabytes", MEMORY],
  [RUST, "memory", "claims all there is", "claim-all-there-is", "PLUGIN_TRAPPED"],
  [RUST, "memory", "reads beyond its memory", "read-beyond", "PLUGIN_TRAPPED"],
  [RUST, "memory", "writes beyond its memory", "write-beyond", "PLUGIN_TRAPPED"],
  [RUST, "memory", "calls an address", "call-an-address", "PLUGIN_TRAPPED"],
  [RUST, "memory", "calls a function by another type", "call-by-another-type", "PLUGIN_TRAPPED"],
  [RUST, "memory", "calls by a forged table of methods", "call-a-forged-vtable", "PLUGIN_TRAPPED"],
  [RUST, "memory", "frees twice", "free-twice", SOMEHOW],
  [RUST, "logger", "panics with terminal escapes", "panic-with-escapes", "PLUGIN_TRAPPED"],
  [RUST, "logger", "panics with a megabyte", "panic-with-a-megabyte", "PLUGIN_TRAPPED"],
  [RUST, "machine", "panics while it drops", "panic-while-it-drops", "PLUGIN_TRAPPED"],
  [RUST, "machine", "borrows twice", "borrow-twice", "PLUGIN_TRAPPED"],
  [RUST, "machine", "makes all hashes collide", "collide-hashes", CPU],
];

const UNAVAILABLE: Ending = { told: "unavailable" };
const SPENT: Ending = { code: CPU };

/** What WASI would give a program, and here gives in an empty form. */
const CALLS: readonly (readonly [name: string, query: string, ends: Ending])[] = [
  ["reads a file", "read-a-file", UNAVAILABLE],
  ["writes a file", "write-a-file", UNAVAILABLE],
  ["lists a folder", "list-a-folder", UNAVAILABLE],
  ["reads the environment and the arguments", "read-the-environment", { answer: [0, 0] }],
  ["reads the input", "read-the-input", { answer: "" }],
  ["starts a thread", "start-a-thread", UNAVAILABLE],
  ["starts a process", "start-a-process", UNAVAILABLE],
  ["sleeps for an hour", "sleep-for-an-hour", SPENT],
  ["waits for more moments than can be counted", "wait-for-all-moments", { code: "SERVICE_MISUSED" }],
  ["takes handles without end", "take-handles", { code: "SERVICE_MISUSED" }],
  ["waits by looking at the clock", "wait-by-looking-at-the-clock", SPENT],
  ["exits", "exit", { code: "PLUGIN_EXITED" }],
  ["aborts", "abort", { code: "PLUGIN_TRAPPED" }],
  ["prints for ever", "print-for-ever", SPENT],
  ["prints one line of 16 MiB", "print-one-long-line", { answer: null }],
  ["prints terminal escapes", "print-escapes", { answer: null }],
];

export const LANGUAGE_ATTACKS: readonly Attack[] = [
  ...ROWS.map(([languages, target, name, query, code]): Attack => ({
    name,
    target,
    languages,
    query,
    ends: { code },
  })),
  ...(["spin", "recurse"] as const).map((query): Attack => ({
    name: query === "spin" ? "spins as it starts" : "calls itself without end as it starts",
    target: "machine",
    languages: ALL,
    query,
    ends: { code: query === "spin" ? CPU : "PLUGIN_STACK_OVERFLOW" },
    atStart: true,
  })),
  ...CALLS.map(([name, query, ends]): Attack => ({
    name,
    target: "wasi",
    languages: ["rust-wasip2"],
    query: `system:${query}`,
    ends,
  })),
];
