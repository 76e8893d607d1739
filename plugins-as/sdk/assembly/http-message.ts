import { Fields } from "./fields";
import { JsonValue } from "./json/json-value";
import { decodeJson } from "./json/typed/codec";
import { PluginError } from "./plugin-error";
import { Result } from "./result";
import { decodeUtf8, isUtf8 } from "./utf8";

// Nothing of the SDK runs before the plugin, so it is made when it is first needed.
let nothing: Uint8Array | null = null;

/** No bytes, of which one array will do. */
function noBytes(): Uint8Array {
  if (!nothing) nothing = new Uint8Array(0);
  return nothing!;
}

/** What requests and responses have in common. */
export abstract class HttpMessage {
  /** In their order, names in lower case. A repeated header stands repeatedly. */
  headers: Fields = new Fields();
  body: Uint8Array = noBytes();

  /** The value of the first header of a name, in whatever case the name is given, or null. */
  header(name: string): string | null {
    return this.headers.getIgnoringCase(name);
  }

  /** The body as text. What is no UTF-8 becomes U+FFFD. */
  text(): string {
    return decodeUtf8(this.body);
  }

  /**
   * The body read as JSON text, into a class that is `@json` where `json<T>` asks for one; `invalid-input` if it is none,
   * or does not fit.
   */
  json<T = JsonValue>(): Result<T> {
    if (isUtf8(this.body.dataStart, this.body.length)) return decodeJson<T>(this.text());
    return Result.err<T>(PluginError.invalidInput("not JSON: the body is not UTF-8"));
  }
}
