import { JsonValue, PluginError, Result } from "tusk-plugin-as";

/** What the plugin is told: see the comments for what holds where nothing is said. */
export class Settings {
  private constructor(
    /** Over what it notifies: "webhook" and "email". Both. */
    readonly channels: string[],
    /** How often a message is tried. 4. */
    readonly attempts: i32,
    /** Milliseconds before the second attempt; twice as many before each further one. 250. */
    readonly firstDelayMs: u32,
    /** Milliseconds between two attempts at most. 5000. */
    readonly maxDelayMs: u32,
    /** What a test of the connection asks for to know whether webhooks get out. Nothing. */
    readonly webhookTestUrl: string,
  ) {}

  static read(settings: JsonValue): Result<Settings> {
    const known = ["channels", "attempts", "first_delay_ms", "max_delay_ms", "webhook_test_url"];
    const keys = settings.keys;
    for (let i = 0; i < keys.length; i++) {
      if (!known.includes(keys[i])) return refuse(`there is no setting ${keys[i]}`);
    }
    const channels = settings.has("channels")
      ? settings.get("channels").elements.map<string>((channel) => channel.asString())
      : ["webhook", "email"];
    for (let i = 0; i < channels.length; i++) {
      if (channels[i] != "webhook" && channels[i] != "email")
        return refuse(`there is no channel ${channels[i]}`);
    }
    const attempts = settings.get("attempts").asI64(4);
    if (attempts < 1 || attempts > 10) return refuse("attempts should be 1 to 10");
    return Result.ok(
      new Settings(
        channels,
        <i32>attempts,
        <u32>settings.get("first_delay_ms").asU64(250),
        <u32>settings.get("max_delay_ms").asU64(5000),
        settings.get("webhook_test_url").asString(),
      ),
    );
  }
}

function refuse(reason: string): Result<Settings> {
  return Result.err<Settings>(PluginError.invalidInput(reason));
}
