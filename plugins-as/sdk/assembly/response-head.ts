import { Fields } from "./fields";

/** What comes before the body of an answer. */
export class ResponseHead {
  /** `content-length` may be said, and then has to be kept; the headers of the connection are the host's. */
  headers: Fields = new Fields();

  constructor(
    /** 200 to 599. */
    public status: u16 = 200,
  ) {}

  /** Appends a header and returns the head. */
  withHeader(name: string, value: string): ResponseHead {
    this.headers.append(name, value);
    return this;
  }
}
