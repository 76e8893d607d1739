import {
  ErrorKind,
  httpClient,
  JsonValue,
  mail,
  Notification,
  NotificationPlugin,
  Plugin,
  PluginError,
  register,
  Result,
} from "tusk-plugin-as";
import { Message } from "./message";
import { deliver } from "./retry";
import { Channel, Settings } from "./settings";
import { Webhook } from "./webhook";

export * from "tusk-plugin-as/exports/notification-plugin";

/** Notifies by webhook and by e-mail, and tries again what may work later. */
class NotifierPlugin extends Plugin implements NotificationPlugin {
  name: string = "notifier";
  version: string = "1.0.0";
  description: string = "Notifies by webhook and by e-mail";
  private settings: Settings | null = null;

  initialize(settings: JsonValue): PluginError | null {
    const read = Settings.read(settings);
    if (read.isErr) return read.error;
    this.settings = read.value;
    return null;
  }

  sendNotification(notification: Notification): PluginError | null {
    const channel = notification.channel;
    if (!this.supportedChannels().includes(channel))
      return PluginError.unsupported(`There is no channel ${channel}.`);
    return channel == "webhook"
      ? deliver(new Webhook(notification), this.settings!)
      : deliver(new Message(notification), this.settings!);
  }

  supportedChannels(): string[] {
    const settings = this.settings;
    if (!settings) return [];
    return settings.channels.map<string>((channel) => (channel == Channel.Webhook ? "webhook" : "email"));
  }

  testConnection(): Result<bool> {
    const settings = this.settings;
    if (!settings) return Result.err<bool>(PluginError.unavailable("I am not initialised yet."));
    const channels = this.supportedChannels();
    if (channels.includes("email")) {
      const reached = reachable(mail.verify());
      if (reached.isErr || !reached.value) return reached;
    }
    const url = settings.webhookTestUrl;
    if (url == "" || !channels.includes("webhook")) return Result.ok(true);
    return reachable(httpClient.get(url).error);
  }
}

/** Whether there was no error; one that is about something else than reaching it is handed on. */
function reachable(error: PluginError | null): Result<bool> {
  if (!error) return Result.ok(true);
  const isAway = error.kind == ErrorKind.Unavailable || error.kind == ErrorKind.Timeout;
  return isAway ? Result.ok(false) : Result.err<bool>(error);
}

register(new NotifierPlugin());
