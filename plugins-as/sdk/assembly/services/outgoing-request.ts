import { Fields } from "../fields";
import { encodeJsonUtf8 } from "../json/typed/codec";
import { encodeUtf8 } from "../utf8";

/** A request to another server. */
export class OutgoingRequest {
  headers: Fields = new Fields();
  body: Uint8Array = new Uint8Array(0);
  /** Milliseconds for the whole exchange; 0 for the host's own limit, which holds if it is shorter. */
  timeoutMs: u32 = 0;

  constructor(
    /** In upper case: "POST". */
    public method: string,
    /** "https://host:port/path?query". */
    public url: string,
  ) {}

  /** Appends a header and returns the request. */
  withHeader(name: string, value: string): OutgoingRequest {
    this.headers.append(name, value);
    return this;
  }

  /** Sets a text as the body and returns the request. */
  withText(text: string): OutgoingRequest {
    this.body = Uint8Array.wrap(encodeUtf8(text));
    return this;
  }

  /** Sets a value as JSON text as the body, and its content type, and returns the request. */
  withJson<T>(value: T): OutgoingRequest {
    this.body = encodeJsonUtf8<T>(value);
    return this.withHeader("content-type", "application/json");
  }
}
