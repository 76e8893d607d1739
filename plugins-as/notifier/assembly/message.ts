import { Email, mail, Notification, PluginError } from "tusk-plugin-as";
import { Delivery } from "./retry";

/** A notification as an e-mail; `html` in its data is sent along. */
export class Message extends Delivery {
  private readonly email: Email;

  constructor(notification: Notification) {
    super();
    this.email = new Email([notification.recipient], notification.subject, notification.body);
    const html = notification.data.get("html");
    if (html.isString) this.email.withHtml(html.asString());
  }

  attempt(): PluginError | null {
    return mail.send(this.email);
  }
}
