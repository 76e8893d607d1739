import type { ErrorCode } from "../../host/core/error.ts";
import type { WatParts } from "./wat-plugin.ts";

/** A plugin that means harm, and how the host is to end it. */
export interface Attacker {
  /** What it does. */
  readonly name: string;
  readonly parts: WatParts;
  /** When it attacks: while it is loaded, or when it is called. */
  readonly when: "load" | "call";
  /** The code that ends it, or one of them where V8 decides. Nothing if it is harmless in the end. */
  readonly code: ErrorCode | readonly ErrorCode[] | undefined;
}

const FOREVER = "(loop $forever (br $forever))";
const I = "tusk:plugin";
const V = "@0.1.0";
const NIL = `(i32.store8 (i32.const 128) (i32.const 0)) (i32.store (i32.const 132) (i32.const 1024)) (i32.store (i32.const 136) (i32.const 1)) (i32.const 128)`;

/** The answer `ok` with `length` bytes at `at`. */
const ok = (at: string, length: string) =>
  `(i32.store8 (i32.const 128) (i32.const 0)) (i32.store (i32.const 132) ${at}) (i32.store (i32.const 136) ${length}) (i32.const 128)`;

/** The answer `err` with the error's case and `length` bytes of text at `at`. */
const err = (kind: number, at: string, length: string) =>
  `(i32.store8 (i32.const 128) (i32.const 1)) (i32.store8 (i32.const 132) (i32.const ${kind})) (i32.store (i32.const 136) ${at}) (i32.store (i32.const 140) ${length}) (i32.const 128)`;

/** The answer `ok` with these bytes. */
const bytes = (...values: number[]) =>
  `${values.map((value, i) => `(i32.store8 (i32.const ${2048 + i}) (i32.const ${value}))`).join(" ")} ${ok("(i32.const 2048)", `(i32.const ${values.length})`)}`;

const LOG = `(import "${I}/logger${V}" "log" (func $log (param i32 i32 i32 i32 i32 i32)))`;
const NOW = `(import "${I}/clock${V}" "now-ms" (func $now (result i64)))`;

const CPU = ["PLUGIN_CPU_LIMIT", "PLUGIN_TIMEOUT"] as const;

export const ATTACKERS: readonly Attacker[] = [
  { name: "spins for ever", when: "call", code: CPU, parts: { query: `${FOREVER} ${NIL}` } },
  {
    name: "spins for ever in a loop that catches everything",
    when: "call",
    code: CPU,
    parts: {
      query: `(loop $again (block $caught (try_table (catch_all $caught) ${FOREVER})) (br $again)) ${NIL}`,
    },
  },
  {
    name: "spins in its start function",
    when: "load",
    code: CPU,
    parts: { fields: `(func $start ${FOREVER}) (start $start)` },
  },
  {
    name: "spins when it is asked who it is",
    when: "load",
    code: CPU,
    parts: { info: `${FOREVER} (i32.const 16)` },
  },
  {
    name: "spins in initialize",
    when: "load",
    code: CPU,
    parts: { initialize: `${FOREVER} (i32.const 128)` },
  },
  {
    name: "spins where it allocates for the host",
    when: "load",
    code: CPU,
    parts: { realloc: `${FOREVER} (i32.const 4096)` },
  },
  { name: "spins after it has answered", when: "call", code: CPU, parts: { post: FOREVER } },
  {
    name: "calls itself without end",
    when: "call",
    code: "PLUGIN_STACK_OVERFLOW",
    parts: {
      fields: `(func $f (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1)))`,
      query: `(drop (call $f (i32.const 0))) ${NIL}`,
    },
  },
  {
    name: "calls itself without end by way of a table",
    when: "call",
    code: "PLUGIN_STACK_OVERFLOW",
    parts: {
      fields: `(type $t (func (param i32) (result i32))) (table 1 1 funcref) (elem (i32.const 0) $g)
        (func $g (type $t) (i32.add (call_indirect (type $t) (local.get 0) (i32.const 0)) (i32.const 1)))`,
      query: `(drop (call $g (i32.const 0))) ${NIL}`,
    },
  },
  {
    name: "calls itself by tail calls for ever",
    when: "call",
    code: CPU,
    parts: {
      fields: `(func $f (param i32) (result i32) (return_call $f (local.get 0)))`,
      query: `(drop (call $f (i32.const 0))) ${NIL}`,
    },
  },
  {
    name: "calls itself twice, sixty deep",
    when: "call",
    code: CPU,
    parts: {
      fields: `(func $fib (param i32) (result i32)
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
          (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))`,
      query: `(drop (call $fib (i32.const 60))) ${NIL}`,
    },
  },
  {
    name: "does nothing but ask for the time",
    when: "call",
    code: CPU,
    parts: { imports: NOW, query: `(loop $again (drop (call $now)) (br $again)) ${NIL}` },
  },
  {
    name: "logs without end",
    when: "call",
    code: CPU,
    parts: {
      imports: LOG,
      query: `(loop $again (call $log (i32.const 2) (i32.const 512) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0)) (br $again)) ${NIL}`,
    },
  },
  {
    name: "logs one message as large as its memory",
    when: "call",
    code: undefined,
    parts: {
      imports: LOG,
      memory: "512",
      query: `(call $log (i32.const 2) (i32.const 0) (i32.const 33554432) (i32.const 0) (i32.const 0) (i32.const 0)) ${NIL}`,
    },
  },
  {
    name: "logs from beyond its memory",
    when: "call",
    code: ["PLUGIN_ANSWER_INVALID", "PLUGIN_TRAPPED"],
    parts: {
      imports: LOG,
      query: `(call $log (i32.const 2) (i32.const 0x7fffff00) (i32.const 512) (i32.const 0) (i32.const 0) (i32.const 0)) ${NIL}`,
    },
  },
  {
    name: "logs at a level that there is not",
    when: "call",
    code: ["PLUGIN_ANSWER_INVALID", "PLUGIN_TRAPPED", "SERVICE_FAULT"],
    parts: {
      imports: LOG,
      query: `(call $log (i32.const 99) (i32.const 512) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0)) ${NIL}`,
    },
  },
  {
    name: "grows its memory without end",
    when: "call",
    code: "PLUGIN_MEMORY_LIMIT",
    parts: {
      query: `(loop $more (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then (unreachable))) (br $more)) ${NIL}`,
    },
  },
  {
    name: "grows its memory at once by all there is",
    when: "call",
    code: "PLUGIN_MEMORY_LIMIT",
    parts: {
      query: `(if (i32.eq (memory.grow (i32.const 65000)) (i32.const -1)) (then (unreachable))) ${NIL}`,
    },
  },
  {
    name: "asks for growth that it does not get, for ever",
    when: "call",
    code: CPU,
    parts: { query: `(loop $more (drop (memory.grow (i32.const 65000))) (br $more)) ${NIL}` },
  },
  {
    name: "begins with more memory than it may have",
    when: "load",
    code: "BINARY_OVER_LIMIT",
    parts: { memory: "40000" },
  },
  {
    name: "fills its memory for ever",
    when: "call",
    code: CPU,
    parts: {
      memory: "1024",
      query: `(loop $again (memory.fill (i32.const 65536) (i32.const 1) (i32.const 67000000)) (br $again)) ${NIL}`,
    },
  },
  {
    name: "copies its memory for ever",
    when: "call",
    code: CPU,
    parts: {
      memory: "1024",
      query: `(loop $again (memory.copy (i32.const 65536) (i32.const 65537) (i32.const 67000000)) (br $again)) ${NIL}`,
    },
  },
  {
    name: "grows a table until the process dies",
    when: "call",
    code: undefined,
    parts: {
      fields: `(table $t 1 funcref)`,
      query: `(drop (table.grow $t (ref.null func) (i32.const 9999990))) ${NIL}`,
    },
  },
  {
    name: "grows a table little by little",
    when: "call",
    code: "PLUGIN_TRAPPED",
    parts: {
      fields: `(table $t 1 funcref)`,
      // In few steps, since each copies the table: a busy machine would call it by its CPU limit.
      query: `(loop $more (if (i32.eq (table.grow $t (ref.null func) (i32.const 20000)) (i32.const -1)) (then (unreachable))) (br $more)) ${NIL}`,
    },
  },
  {
    name: "fills a table for ever",
    when: "call",
    code: CPU,
    parts: {
      fields: `(table $t 90000 funcref)`,
      query: `(loop $again (table.fill $t (i32.const 0) (ref.null func) (i32.const 90000)) (br $again)) ${NIL}`,
    },
  },
  {
    name: "begins with a table as large as can be",
    when: "load",
    code: "BINARY_OVER_LIMIT",
    parts: { fields: `(table $t 9999999 funcref)` },
  },
  {
    name: "waits on a shared memory",
    when: "load",
    code: "BINARY_UNSUPPORTED",
    parts: {
      fields: "(memory $shared 1 1 shared)",
      query: `(drop (memory.atomic.wait32 $shared (i32.const 0) (i32.const 0) (i64.const -1))) ${NIL}`,
    },
  },
  {
    name: "uses atomics",
    when: "load",
    code: "BINARY_UNSUPPORTED",
    parts: { query: `(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))) ${NIL}` },
  },
  {
    name: "has a memory of 64 bits",
    when: "load",
    code: "BINARY_UNSUPPORTED",
    parts: { fields: `(memory $big i64 1)` },
  },
  {
    name: "allocates garbage-collected structures for ever",
    when: "load",
    code: "BINARY_UNSUPPORTED",
    parts: {
      fields: `(type $s (struct (field (ref null $s)))) (global $keep (mut (ref null $s)) (ref.null $s))`,
      query: `(loop $more (global.set $keep (struct.new $s (global.get $keep))) (br $more)) ${NIL}`,
    },
  },
  {
    name: "answers with more bytes than there are",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: ok("(i32.const 1024)", "(i32.const 0x7fffffff)") },
  },
  {
    name: "answers with bytes beyond its memory",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: ok("(i32.const 0x7ffffff0)", "(i32.const 4)") },
  },
  {
    name: "answers from an address beyond its memory",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: "(i32.const 0x7ffffff0)" },
  },
  {
    name: "answers with neither ok nor err",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: `(i32.store8 (i32.const 128) (i32.const 7)) (i32.const 128)` },
  },
  {
    name: "answers with an error that there is not",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: err(99, "(i32.const 512)", "(i32.const 3)") },
  },
  {
    name: "answers with an error whose text is not UTF-8",
    when: "call",
    code: ["PLUGIN_ERROR", "PLUGIN_ANSWER_INVALID"],
    parts: {
      fields: `(data (i32.const 2048) "\\ff\\fe\\c0\\80")`,
      query: err(0, "(i32.const 2048)", "(i32.const 4)"),
    },
  },
  {
    name: "answers with an error of terminal escapes",
    when: "call",
    code: "PLUGIN_ERROR",
    parts: {
      fields: `(data (i32.const 2048) "\\1b[2Jowned\\0d\\0a")`,
      query: err(0, "(i32.const 2048)", "(i32.const 11)"),
    },
  },
  {
    name: "answers with no bytes at all",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: ok("(i32.const 1024)", "(i32.const 0)") },
  },
  {
    name: "answers with a list that claims four thousand million elements",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0xdd, 255, 255, 255, 255) },
  },
  {
    name: "answers with a string that claims 4 GiB",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0xdb, 255, 255, 255, 255, 65) },
  },
  {
    name: "answers with lists a hundred thousand deep",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: {
      memory: "4",
      query: `(memory.fill (i32.const 65536) (i32.const 0x91) (i32.const 100000)) ${ok("(i32.const 65536)", "(i32.const 100000)")}`,
    },
  },
  {
    name: "answers with a member named __proto__",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0x81, 0xa9, ...Buffer.from("__proto__"), 0x80) },
  },
  {
    name: "answers with a member twice",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2) },
  },
  {
    name: "answers with a number that is none",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0) },
  },
  {
    name: "answers with infinity",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0xca, 0x7f, 0x80, 0, 0) },
  },
  {
    name: "answers with a second value behind the first",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0xc0, 0xc0) },
  },
  {
    name: "answers with an extension type",
    when: "call",
    code: "PLUGIN_ANSWER_INVALID",
    parts: { query: bytes(0xd4, 0x70, 0x01) },
  },
  {
    name: "divides by zero",
    when: "call",
    code: "PLUGIN_TRAPPED",
    parts: { query: `(drop (i32.div_u (i32.const 1) (local.get $a))) ${NIL}` },
  },
  {
    name: "reads beyond its memory",
    when: "call",
    code: "PLUGIN_TRAPPED",
    parts: { query: `(drop (i32.load (i32.const 0x7ffffff0))) ${NIL}` },
  },
  { name: "executes unreachable", when: "call", code: "PLUGIN_TRAPPED", parts: { query: "(unreachable)" } },
  {
    name: "throws an exception of its own",
    when: "load",
    // Components do not have exceptions yet; what jco transpiles with says so. Modules are held to the same.
    code: ["COMPONENT_INVALID", "BINARY_UNSUPPORTED"],
    parts: { fields: "(tag $e)", query: `(throw $e)` },
  },
  {
    name: "says a name that is not UTF-8",
    when: "load",
    code: undefined,
    parts: {
      fields: `(data (i32.const 600) "\\ff\\ff")`,
      info: `(i32.store (i32.const 16) (i32.const 600)) (i32.store (i32.const 20) (i32.const 2)) (i32.const 16)`,
    },
  },
  ...Object.entries({
    settings: "\\22, \\22permissions\\22: { \\22http-client\\22: [\\22*\\22] }, \\22x\\22: \\22",
    markup: "<script>alert(1)</script>",
    "its neighbour": "neighbour",
    "what objects have by birth": "__proto__",
  }).map(([what, text]): Attacker => ({
    name: `says a name that looks like ${what}`,
    when: "load",
    code: undefined,
    parts: {
      fields: `(data (i32.const 600) "${text}")`,
      info: `(i32.store (i32.const 16) (i32.const 600)) (i32.store (i32.const 20) (i32.const ${text.replaceAll("\\22", "'").length})) (i32.const 16)`,
    },
  })),
  {
    name: "says a name of terminal escapes",
    when: "load",
    code: "PLUGIN_ANSWER_INVALID",
    parts: {
      fields: `(data (i32.const 600) "\\1b[2Jowned")`,
      info: `(i32.store (i32.const 16) (i32.const 600)) (i32.store (i32.const 20) (i32.const 9)) (i32.const 16)`,
    },
  },
  {
    name: "says a name as long as its memory",
    when: "load",
    code: "PLUGIN_ANSWER_INVALID",
    parts: {
      info: `(i32.store (i32.const 16) (i32.const 0)) (i32.store (i32.const 20) (i32.const 131072)) (i32.const 16)`,
    },
  },
  {
    name: "gives the host addresses beyond its memory to write to",
    when: "load",
    code: ["PLUGIN_ANSWER_INVALID", "PLUGIN_TRAPPED"],
    parts: { realloc: "(i32.const 0x7ffffff0)" },
  },
];
