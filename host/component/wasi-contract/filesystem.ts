import { DATETIME } from "./cli.ts";
import {
  BOOL,
  borrow,
  BYTES,
  flags,
  func,
  list,
  oneOf,
  option,
  own,
  record,
  resource,
  result,
  STRING,
  tuple,
  U64,
  variant,
} from "./wit.ts";
import type { WitFunction, WitType } from "../../wasm/wiring/wit-type.ts";
import type { WitInterface } from "./wit.ts";

const DESCRIPTOR_TYPE = oneOf(
  "unknown block-device character-device directory fifo symbolic-link regular-file socket",
);

const DESCRIPTOR_FLAGS = flags(
  "read write file-integrity-sync data-integrity-sync requested-write-sync mutate-directory",
);

const PATH_FLAGS = flags("symlink-follow");

const STAT = record({
  type: DESCRIPTOR_TYPE,
  "link-count": U64,
  size: U64,
  "data-access-timestamp": option(DATETIME),
  "data-modification-timestamp": option(DATETIME),
  "status-change-timestamp": option(DATETIME),
});

const NEW_TIMESTAMP = variant({ "no-change": undefined, now: undefined, timestamp: DATETIME });

const METADATA_HASH = record({ lower: U64, upper: U64 });

const ERROR_CODE = oneOf(`
  access would-block already bad-descriptor busy deadlock quota exist file-too-large illegal-byte-sequence in-progress
  interrupted invalid io is-directory loop too-many-links message-size name-too-long no-device no-entry no-lock
  insufficient-memory insufficient-space not-directory not-empty not-recoverable unsupported no-tty no-such-device
  overflow not-permitted pipe read-only invalid-seek text-file-busy cross-device
`);

/** A function that may fail. */
function may(params: readonly WitType[], ok?: WitType): WitFunction {
  return func(params, result(ok, ERROR_CODE));
}

const ADVICE = oneOf("normal sequential random will-need dont-need no-reuse");

const DESCRIPTOR = resource("descriptor", {
  methods: {
    "read-via-stream": may([U64], own("input-stream")),
    "write-via-stream": may([U64], own("output-stream")),
    "append-via-stream": may([], own("output-stream")),
    advise: may([U64, U64, ADVICE]),
    "sync-data": may([]),
    "get-flags": may([], DESCRIPTOR_FLAGS),
    "get-type": may([], DESCRIPTOR_TYPE),
    "set-size": may([U64]),
    "set-times": may([NEW_TIMESTAMP, NEW_TIMESTAMP]),
    read: may([U64, U64], tuple(BYTES, BOOL)),
    write: may([BYTES, U64], U64),
    "read-directory": may([], own("directory-entry-stream")),
    sync: may([]),
    "create-directory-at": may([STRING]),
    stat: may([], STAT),
    "stat-at": may([PATH_FLAGS, STRING], STAT),
    "set-times-at": may([PATH_FLAGS, STRING, NEW_TIMESTAMP, NEW_TIMESTAMP]),
    "link-at": may([PATH_FLAGS, STRING, borrow("descriptor"), STRING]),
    "open-at": may(
      [PATH_FLAGS, STRING, flags("create directory exclusive truncate"), DESCRIPTOR_FLAGS],
      own("descriptor"),
    ),
    "readlink-at": may([STRING], STRING),
    "remove-directory-at": may([STRING]),
    "rename-at": may([STRING, borrow("descriptor"), STRING]),
    "symlink-at": may([STRING, STRING]),
    "unlink-file-at": may([STRING]),
    "is-same-object": func([borrow("descriptor")], BOOL),
    "metadata-hash": may([], METADATA_HASH),
    "metadata-hash-at": may([PATH_FLAGS, STRING], METADATA_HASH),
  },
});

/** @see https://github.com/WebAssembly/wasi-filesystem/tree/v0.2.8/wit */
export const FILESYSTEM: Readonly<Record<string, WitInterface>> = {
  "wasi:filesystem/preopens": { "get-directories": func([], list(tuple(own("descriptor"), STRING))) },
  "wasi:filesystem/types": {
    ...DESCRIPTOR,
    ...resource("directory-entry-stream", {
      methods: {
        "read-directory-entry": may([], option(record({ type: DESCRIPTOR_TYPE, name: STRING }))),
      },
    }),
    "filesystem-error-code": func([borrow("error")], option(ERROR_CODE)),
  },
};
