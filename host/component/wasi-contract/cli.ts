import {
  BYTES,
  func,
  list,
  option,
  own,
  record,
  resource,
  result,
  STRING,
  tuple,
  U32,
  U64,
  U8,
} from "./wit.ts";
import type { WitInterface } from "./wit.ts";

/** Of `wasi:clocks/wall-clock`. */
export const DATETIME = record({ seconds: U64, nanoseconds: U32 });

/** What the standard libraries of languages link in. */
export const CLI: Readonly<Record<string, WitInterface>> = {
  "wasi:cli/environment": {
    "get-environment": func([], list(tuple(STRING, STRING))),
    "get-arguments": func([], list(STRING)),
    "initial-cwd": func([], option(STRING)),
  },
  "wasi:cli/exit": { exit: func([result()]), "exit-with-code": func([U8]) },
  "wasi:cli/stdin": { "get-stdin": func([], own("input-stream")) },
  "wasi:cli/stdout": { "get-stdout": func([], own("output-stream")) },
  "wasi:cli/stderr": { "get-stderr": func([], own("output-stream")) },
  "wasi:cli/terminal-input": resource("terminal-input", {}),
  "wasi:cli/terminal-output": resource("terminal-output", {}),
  "wasi:cli/terminal-stdin": { "get-terminal-stdin": func([], option(own("terminal-input"))) },
  "wasi:cli/terminal-stdout": { "get-terminal-stdout": func([], option(own("terminal-output"))) },
  "wasi:cli/terminal-stderr": { "get-terminal-stderr": func([], option(own("terminal-output"))) },
  "wasi:clocks/monotonic-clock": {
    now: func([], U64),
    resolution: func([], U64),
    "subscribe-instant": func([U64], own("pollable")),
    "subscribe-duration": func([U64], own("pollable")),
  },
  "wasi:clocks/wall-clock": { now: func([], DATETIME), resolution: func([], DATETIME) },
  "wasi:random/random": { "get-random-bytes": func([U64], BYTES), "get-random-u64": func([], U64) },
  "wasi:random/insecure": {
    "get-insecure-random-bytes": func([U64], BYTES),
    "get-insecure-random-u64": func([], U64),
  },
  "wasi:random/insecure-seed": { "insecure-seed": func([], tuple(U64, U64)) },
};
