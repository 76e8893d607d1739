import { HttpMessage } from "./http-message";
import { encodeJsonUtf8 } from "./json/typed/codec";
import { encodeUtf8 } from "./utf8";

/** An answer to a request. */
export class HttpResponse extends HttpMessage {
  constructor(
    /** 200 to 599. */
    public status: u16 = 200,
  ) {
    super();
  }

  /** A `JsonValue`, or whatever else `encode` writes, as JSON text. */
  static json<T>(value: T, status: u16 = 200): HttpResponse {
    return HttpResponse.bytes(encodeJsonUtf8<T>(value), "application/json", status);
  }

  static text(text: string, status: u16 = 200): HttpResponse {
    return HttpResponse.bytes(Uint8Array.wrap(encodeUtf8(text)), "text/plain; charset=utf-8", status);
  }

  static html(text: string, status: u16 = 200): HttpResponse {
    return HttpResponse.bytes(Uint8Array.wrap(encodeUtf8(text)), "text/html; charset=utf-8", status);
  }

  static bytes(body: Uint8Array, contentType: string, status: u16 = 200): HttpResponse {
    const response = new HttpResponse(status).withHeader("content-type", contentType);
    response.body = body;
    return response;
  }

  static notFound(text: string = "Not found"): HttpResponse {
    return HttpResponse.text(text, 404);
  }

  static redirect(location: string, status: u16 = 302): HttpResponse {
    return new HttpResponse(status).withHeader("location", location);
  }

  /** Appends a header and returns the response. */
  withHeader(name: string, value: string): HttpResponse {
    this.headers.append(name, value);
    return this;
  }
}
