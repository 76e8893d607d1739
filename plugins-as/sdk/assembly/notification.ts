import { JsonValue } from "./json/json-value";

/** A message for somebody. */
export class Notification {
  constructor(
    /** One of those that `supportedChannels` names. */
    public channel: string,
    /** Whom it is for, in the channel's own form: an address, a URL, a number. */
    public recipient: string,
    public subject: string,
    public body: string,
    /** Whatever else the channel understands: a JSON object. */
    public data: JsonValue = JsonValue.object(),
  ) {}
}
