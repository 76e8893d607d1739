import { BOOL, borrow, BYTES, func, list, own, resource, result, STRING, U32, U64, variant } from "./wit.ts";
import type { WitInterface } from "./wit.ts";

const STREAM_ERROR = variant({ "last-operation-failed": own("error"), closed: undefined });

const DONE = result(undefined, STREAM_ERROR);
const COUNT = result(U64, STREAM_ERROR);
const READ = func([U64], result(BYTES, STREAM_ERROR));
const SUBSCRIBE = func([], own("pollable"));

/** @see https://github.com/WebAssembly/wasi-io/tree/v0.2.8/wit */
export const IO: Readonly<Record<string, WitInterface>> = {
  "wasi:io/error": resource("error", { methods: { "to-debug-string": func([], STRING) } }),
  "wasi:io/poll": {
    ...resource("pollable", { methods: { ready: func([], BOOL), block: func([]) } }),
    poll: func([list(borrow("pollable"))], list(U32)),
  },
  "wasi:io/streams": {
    ...resource("input-stream", {
      methods: {
        read: READ,
        "blocking-read": READ,
        skip: func([U64], COUNT),
        "blocking-skip": func([U64], COUNT),
        subscribe: SUBSCRIBE,
      },
    }),
    ...resource("output-stream", {
      methods: {
        "check-write": func([], COUNT),
        write: func([BYTES], DONE),
        "blocking-write-and-flush": func([BYTES], DONE),
        flush: func([], DONE),
        "blocking-flush": func([], DONE),
        subscribe: SUBSCRIBE,
        "write-zeroes": func([U64], DONE),
        "blocking-write-zeroes-and-flush": func([U64], DONE),
        splice: func([borrow("input-stream"), U64], COUNT),
        "blocking-splice": func([borrow("input-stream"), U64], COUNT),
      },
    }),
  },
};
