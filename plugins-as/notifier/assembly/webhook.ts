import { httpClient, JsonValue, Notification, OutgoingRequest, PluginError, random } from "tusk-plugin-as";
import { Delivery } from "./retry";

/** What the receiver of a webhook gets. */
@json
class Document {
  constructor(
    public subject: string = "",
    public body: string = "",
    public data: JsonValue = JsonValue.null(),
  ) {}
}

/** A notification as a POST of JSON to the URL that is its recipient. */
export class Webhook extends Delivery {
  private readonly request: OutgoingRequest;

  constructor(notification: Notification) {
    super();
    const document = new Document(notification.subject, notification.body, notification.data);
    this.request = new OutgoingRequest("POST", notification.recipient)
      .withJson(document)
      // The same at each attempt: who got it twice can tell.
      .withHeader("idempotency-key", random.u64().toString(16) + random.u64().toString(16));
  }

  attempt(): PluginError | null {
    const answer = httpClient.send(this.request);
    if (answer.isErr) return answer.error;
    const status = answer.value.status;
    if (status >= 200 && status < 300) return null;
    const message = `The webhook answered with status ${status}.`;
    return mayPass(status) ? PluginError.unavailable(message) : PluginError.invalidInput(message);
  }
}

/** Whether the same request may be answered otherwise later: a time-out, too many of them, or a server in trouble. */
function mayPass(status: u16): bool {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}
