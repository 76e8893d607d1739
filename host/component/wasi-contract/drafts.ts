import {
  BOOL,
  BYTES,
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
  variant,
} from "./wit.ts";
import type { WitInterface } from "./wit.ts";

const CONFIG_ERROR = variant({ upstream: STRING, io: STRING });
const STORE_ERROR = variant({ "no-such-store": undefined, "access-denied": undefined, other: STRING });
const KEYS = record({ keys: list(STRING), cursor: option(STRING) });

/** In the newest of the versions that are given: what an older one declares in another way is refused. */
export const DRAFTS: Readonly<Record<string, WitInterface>> = {
  "wasi:config/store": {
    get: func([STRING], result(option(STRING), CONFIG_ERROR)),
    "get-all": func([], result(list(tuple(STRING, STRING)), CONFIG_ERROR)),
  },
  "wasi:keyvalue/store": {
    open: func([STRING], result(own("bucket"), STORE_ERROR)),
    ...resource("bucket", {
      methods: {
        get: func([STRING], result(option(BYTES), STORE_ERROR)),
        set: func([STRING, BYTES], result(undefined, STORE_ERROR)),
        delete: func([STRING], result(undefined, STORE_ERROR)),
        exists: func([STRING], result(BOOL, STORE_ERROR)),
        "list-keys": func([option(STRING)], result(KEYS, STORE_ERROR)),
      },
    }),
  },
  "wasi:logging/logging": {
    log: func([oneOf("trace debug info warn error critical"), STRING, STRING]),
  },
};
