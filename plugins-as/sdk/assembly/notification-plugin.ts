import { Notification } from "./notification";
import { PluginError } from "./plugin-error";
import { Result } from "./result";

/** A capability: tells people things. */
export interface NotificationPlugin {
  /** Sends a message. Success means that the channel has taken it. */
  sendNotification(notification: Notification): PluginError | null;

  /** The channels that this plugin is set up for: "email", "webhook". */
  supportedChannels(): string[];

  /** Whether the service behind the channels can be reached now. */
  testConnection(): Result<bool>;
}
