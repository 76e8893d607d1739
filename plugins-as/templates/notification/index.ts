import {
  logger,
  JsonValue,
  Notification,
  NotificationPlugin,
  Plugin,
  PluginError,
  register,
  Result,
} from "tusk-plugin-as";

export * from "tusk-plugin-as/exports/notification-plugin";

class MyPlugin extends Plugin implements NotificationPlugin {
  name: string = "my-plugin";
  version: string = "0.1.0";
  description: string = "Tells people things";

  sendNotification(notification: Notification): PluginError | null {
    if (notification.channel != "log") {
      return PluginError.unsupported(`There is no channel ${notification.channel}.`);
    }
    logger.info(notification.subject, JsonValue.object().set("recipient", notification.recipient));
    return null;
  }

  supportedChannels(): string[] {
    return ["log"];
  }

  testConnection(): Result<bool> {
    return Result.ok(true);
  }
}

register(new MyPlugin());
