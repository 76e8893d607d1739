import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";

/** How a standard HTTP component by hand declares WASI: in place of WASI's own types. */
export interface ProxyTypes {
  /** Of a status code. */
  readonly status?: string;
  /** Of what is written to a body. */
  readonly contents?: string;
  /** Of the value of a header. */
  readonly value?: string;
}

const V = "@0.2.8";

const wit = ({ status = "u16", contents = "list<u8>", value = "list<u8>" }: ProxyTypes) => `
package wasi:http${V};
interface types {
  variant header-error { invalid-syntax, forbidden, immutable }
  resource fields { append: func(name: string, value: ${value}) -> result<_, header-error>; }
  resource incoming-request {}
  resource outgoing-response { set-status-code: func(status: ${status}) -> result; }
  resource response-outparam {}
}
interface incoming-handler {
  use types.{incoming-request, response-outparam};
  handle: func(request: incoming-request, response-out: response-outparam);
}
world proxy { import types; import wasi:io/streams${V}; export incoming-handler; }
package wasi:io${V} {
  interface error { resource error {} }
  interface streams {
    use error.{error};
    variant stream-error { last-operation-failed(error), closed }
    resource output-stream { write: func(contents: ${contents}) -> result<_, stream-error>; }
  }
}
`;

/** Core parameters of a type that is one number, or else lies in memory. */
const flat = (type: string) => (/^(u16|tuple<u16>)$/.test(type) ? "i32" : "i32 i32");

const wat = ({ status = "u16" }: ProxyTypes) => `(module
  (import "wasi:http/types${V}" "[method]fields.append" (func (param i32 i32 i32 i32 i32 i32)))
  (import "wasi:http/types${V}" "[method]outgoing-response.set-status-code"
    (func (param i32 ${flat(status)}) (result i32)))
  (import "wasi:io/streams${V}" "[method]output-stream.write" (func (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
  (func (export "wasi:http/incoming-handler${V}#handle") (param i32 i32)))`;

/** A standard HTTP component that declares the types of WASI as it likes, and answers nothing. */
export async function buildProxy(types: ProxyTypes): Promise<Uint8Array> {
  const core = await parse(wat(types));
  return componentNew(await componentEmbed({ binary: core, witSource: wit(types), world: "proxy" }));
}
