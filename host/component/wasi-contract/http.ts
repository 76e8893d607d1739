import {
  BOOL,
  borrow,
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
  U16,
  U32,
  U64,
  U8,
  variant,
} from "./wit.ts";
import type { WitInterface } from "./wit.ts";

const METHOD = variant({
  get: undefined,
  head: undefined,
  post: undefined,
  put: undefined,
  delete: undefined,
  connect: undefined,
  options: undefined,
  trace: undefined,
  patch: undefined,
  other: STRING,
});

const SCHEME = variant({ HTTP: undefined, HTTPS: undefined, other: STRING });

const FIELD_SIZE = record({ "field-name": option(STRING), "field-size": option(U32) });

const ERROR_CODE = variant({
  "DNS-timeout": undefined,
  "DNS-error": record({ rcode: option(STRING), "info-code": option(U16) }),
  "destination-not-found": undefined,
  "destination-unavailable": undefined,
  "destination-IP-prohibited": undefined,
  "destination-IP-unroutable": undefined,
  "connection-refused": undefined,
  "connection-terminated": undefined,
  "connection-timeout": undefined,
  "connection-read-timeout": undefined,
  "connection-write-timeout": undefined,
  "connection-limit-reached": undefined,
  "TLS-protocol-error": undefined,
  "TLS-certificate-error": undefined,
  "TLS-alert-received": record({ "alert-id": option(U8), "alert-message": option(STRING) }),
  "HTTP-request-denied": undefined,
  "HTTP-request-length-required": undefined,
  "HTTP-request-body-size": option(U64),
  "HTTP-request-method-invalid": undefined,
  "HTTP-request-URI-invalid": undefined,
  "HTTP-request-URI-too-long": undefined,
  "HTTP-request-header-section-size": option(U32),
  "HTTP-request-header-size": option(FIELD_SIZE),
  "HTTP-request-trailer-section-size": option(U32),
  "HTTP-request-trailer-size": FIELD_SIZE,
  "HTTP-response-incomplete": undefined,
  "HTTP-response-header-section-size": option(U32),
  "HTTP-response-header-size": FIELD_SIZE,
  "HTTP-response-body-size": option(U64),
  "HTTP-response-trailer-section-size": option(U32),
  "HTTP-response-trailer-size": FIELD_SIZE,
  "HTTP-response-transfer-coding": option(STRING),
  "HTTP-response-content-coding": option(STRING),
  "HTTP-response-timeout": undefined,
  "HTTP-upgrade-failed": undefined,
  "HTTP-protocol-error": undefined,
  "loop-detected": undefined,
  "configuration-error": undefined,
  "internal-error": option(STRING),
});

const HEADER_ERROR = variant({ "invalid-syntax": undefined, forbidden: undefined, immutable: undefined });

const ENTRIES = list(tuple(STRING, BYTES));
const CHANGED = result(undefined, HEADER_ERROR);

const SUBSCRIBE = func([], own("pollable"));
const HEADERS = func([], own("fields"));
const CONSUME = func([], result(own("incoming-body")));
const BODY = func([], result(own("outgoing-body")));
const DURATION = func([], option(U64));
const SET_DURATION = func([option(U64)], result());

const OUTGOING_REQUEST = resource("outgoing-request", {
  construct: [own("fields")],
  methods: {
    body: BODY,
    method: func([], METHOD),
    "set-method": func([METHOD], result()),
    "path-with-query": func([], option(STRING)),
    "set-path-with-query": func([option(STRING)], result()),
    scheme: func([], option(SCHEME)),
    "set-scheme": func([option(SCHEME)], result()),
    authority: func([], option(STRING)),
    "set-authority": func([option(STRING)], result()),
    headers: HEADERS,
  },
});

const FIELDS = resource("fields", {
  construct: [],
  statics: { "from-list": func([ENTRIES], result(own("fields"), HEADER_ERROR)) },
  methods: {
    get: func([STRING], list(BYTES)),
    has: func([STRING], BOOL),
    set: func([STRING, list(BYTES)], CHANGED),
    delete: func([STRING], CHANGED),
    append: func([STRING, BYTES], CHANGED),
    entries: func([], ENTRIES),
    clone: HEADERS,
  },
});

/** How a standard HTTP component is asked: the function `handle` of `wasi:http/incoming-handler`. */
export const HANDLE = func([own("incoming-request"), own("response-outparam")]);

/** @see https://github.com/WebAssembly/wasi-http/tree/v0.2.8/wit */
export const HTTP: Readonly<Record<string, WitInterface>> = {
  "wasi:http/outgoing-handler": {
    handle: func(
      [own("outgoing-request"), option(own("request-options"))],
      result(own("future-incoming-response"), ERROR_CODE),
    ),
  },
  "wasi:http/types": {
    "http-error-code": func([borrow("error")], option(ERROR_CODE)),
    ...FIELDS,
    ...resource("incoming-request", {
      methods: {
        method: func([], METHOD),
        "path-with-query": func([], option(STRING)),
        scheme: func([], option(SCHEME)),
        authority: func([], option(STRING)),
        headers: HEADERS,
        consume: CONSUME,
      },
    }),
    ...OUTGOING_REQUEST,
    ...resource("request-options", {
      construct: [],
      methods: {
        "connect-timeout": DURATION,
        "set-connect-timeout": SET_DURATION,
        "first-byte-timeout": DURATION,
        "set-first-byte-timeout": SET_DURATION,
        "between-bytes-timeout": DURATION,
        "set-between-bytes-timeout": SET_DURATION,
      },
    }),
    ...resource("response-outparam", {
      statics: { set: func([own("response-outparam"), result(own("outgoing-response"), ERROR_CODE)]) },
    }),
    ...resource("incoming-response", {
      methods: { status: func([], U16), headers: HEADERS, consume: CONSUME },
    }),
    ...resource("incoming-body", {
      methods: { stream: func([], result(own("input-stream"))) },
      statics: { finish: func([own("incoming-body")], own("future-trailers")) },
    }),
    ...resource("future-trailers", {
      methods: {
        subscribe: SUBSCRIBE,
        get: func([], option(result(result(option(own("fields")), ERROR_CODE)))),
      },
    }),
    ...resource("outgoing-response", {
      construct: [own("fields")],
      methods: {
        "status-code": func([], U16),
        "set-status-code": func([U16], result()),
        headers: HEADERS,
        body: BODY,
      },
    }),
    ...resource("outgoing-body", {
      methods: { write: func([], result(own("output-stream"))) },
      statics: { finish: func([own("outgoing-body"), option(own("fields"))], result(undefined, ERROR_CODE)) },
    }),
    ...resource("future-incoming-response", {
      methods: {
        subscribe: SUBSCRIBE,
        get: func([], option(result(result(own("incoming-response"), ERROR_CODE)))),
      },
    }),
  },
};
