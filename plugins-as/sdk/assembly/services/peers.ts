import { resultOfJson } from "../abi/import-result";
import { peers_call } from "../abi/imports";
import { AREA } from "../abi/memory";
import { JsonValue } from "../json/json-value";
import { Result } from "../result";
import { encodeUtf8 } from "../utf8";

/** A service: the capabilities of other plugins. The permission `peers`. */
export namespace peers {
  /**
   * Calls a function of a plugin that this one declares as a dependency.
   *
   * `capability` and `name` are as in the contract ("auth-plugin", "authorize"). `args` is an array; records are
   * objects with the contract's field names in snake_case, a variant is `{"tag": "case-name", "val": payload}`,
   * bytes are bytes. The result is what stands in the function's `ok`, in the same form, or what `call<T>` asks for.
   */
  export function call<T = JsonValue>(
    plugin: string,
    capability: string,
    name: string,
    args: JsonValue,
  ): Result<T> {
    const to = encodeUtf8(plugin);
    const face = encodeUtf8(capability);
    const what = encodeUtf8(name);
    const bytes = args.encode().buffer;
    peers_call(
      to,
      to.byteLength,
      face,
      face.byteLength,
      what,
      what.byteLength,
      bytes,
      bytes.byteLength,
      AREA,
    );
    return resultOfJson<T>();
  }
}
