import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";

/** How a standard HTTP component by hand declares WASI, and what it says by it. */
export interface ProxyParts {
  /** The type of a status code. */
  readonly status?: string;
  /** The type of what is written to a body. */
  readonly contents?: string;
  /** The type of the value of a header. */
  readonly value?: string;
  /** The core parameters that such a status code is, and the values that it passes. */
  readonly saysStatus: Said;
  readonly saysContents: Said;
  readonly saysValue: Said;
}

/** Core types and what is passed as them: `["i32 i32", "(i32.const 16) (i32.const 3)"]`. */
export type Said = readonly [types: string, values: string];

const V = "@0.2.8";

const wit = ({ status = "u16", contents = "list<u8>", value = "list<u8>" }: ProxyParts) => `
package wasi:http${V};
interface types {
  use wasi:io/streams${V}.{output-stream};
  resource fields { constructor(); append: func(name: string, value: ${value}) -> result<_, u8>; }
  resource incoming-request {}
  resource outgoing-body {
    write: func() -> result<output-stream>;
    finish: static func(this: outgoing-body, trailers: option<fields>) -> result<_, string>;
  }
  resource outgoing-response {
    constructor(headers: fields);
    set-status-code: func(status: ${status}) -> result;
    body: func() -> result<outgoing-body>;
  }
  resource response-outparam {
    set: static func(param: response-outparam, response: result<outgoing-response, string>);
  }
}
interface incoming-handler {
  use types.{incoming-request, response-outparam};
  handle: func(request: incoming-request, response-out: response-outparam);
}
world proxy { import types; export incoming-handler; }
package wasi:io${V} {
  interface streams {
    resource output-stream {
      check-write: func() -> result<u64, u8>;
      write: func(contents: ${contents}) -> result<_, u8>;
    }
  }
}
`;

const wat = ({ saysStatus, saysContents, saysValue }: ProxyParts) => {
  const take = (name: string, func: string, params: string, given = "") =>
    `(import "wasi:${/output-stream/.test(name) ? "io/streams" : "http/types"}${V}" "${name}"
      (func ${func} (param ${params})${given}))`;
  return `(module
    ${take("[constructor]fields", "$fields", "", "(result i32)")}
    ${take("[method]fields.append", "$append", `i32 i32 i32 ${saysValue[0]} i32`)}
    ${take("[constructor]outgoing-response", "$response", "i32", "(result i32)")}
    ${take("[method]outgoing-response.set-status-code", "$status", `i32 ${saysStatus[0]}`, "(result i32)")}
    ${take("[method]outgoing-response.body", "$body", "i32 i32")}
    ${take("[method]outgoing-body.write", "$stream", "i32 i32")}
    ${take("[method]output-stream.check-write", "$check", "i32 i32")}
    ${take("[method]output-stream.write", "$write", `i32 ${saysContents[0]} i32`)}
    ${take("[static]outgoing-body.finish", "$finish", "i32 i32 i32 i32")}
    ${take("[static]response-outparam.set", "$set", "i32 i32 i32 i32")}
    ${take("[resource-drop]output-stream", "$drop", "i32")}
    (memory (export "memory") 2)
    (data (i32.const 16) "abcx-own")
    (global $next (mut i32) (i32.const 4096))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $next) (global.set $next (i32.add (global.get $next) (i32.add (local.get 3) (i32.const 8)))))
    (func (export "wasi:http/incoming-handler${V}#handle") (param i32 i32)
      (local $fields i32) (local $response i32) (local $body i32) (local $stream i32)
      (local.set $fields (call $fields))
      (call $append (local.get $fields) (i32.const 19) (i32.const 5) ${saysValue[1]} (i32.const 128))
      (local.set $response (call $response (local.get $fields)))
      (drop (call $status (local.get $response) ${saysStatus[1]}))
      (call $body (local.get $response) (i32.const 128))
      (local.set $body (i32.load (i32.const 132)))
      (call $set (local.get 1) (i32.const 0) (local.get $response) (i32.const 0))
      (call $stream (local.get $body) (i32.const 128))
      (local.set $stream (i32.load (i32.const 132)))
      (call $check (local.get $stream) (i32.const 128))
      (call $write (local.get $stream) ${saysContents[1]} (i32.const 128))
      (call $drop (local.get $stream))
      (call $finish (local.get $body) (i32.const 0) (i32.const 0) (i32.const 128))))`;
};

/** A standard HTTP component that declares the types of WASI as it likes. */
export async function buildProxy(parts: ProxyParts): Promise<Uint8Array> {
  const core = await parse(wat(parts));
  return componentNew(await componentEmbed({ binary: core, witSource: wit(parts), world: "proxy" }));
}
