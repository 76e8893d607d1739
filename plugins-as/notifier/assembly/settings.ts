import { JsonValue, PluginError, Result } from "tusk-plugin-as";

/** Over what it can notify. */
export enum Channel {
  Webhook,
  Email,
}

/** What the plugin is told, and what holds where nothing is said. */
@json({ names: "snake_case", unknown: "refuse" })
export class Settings {
  /** Over what it notifies. */
  @json.as("snake_case") channels: Channel[] = [Channel.Webhook, Channel.Email];
  /** How often a message is tried. */
  attempts: u8 = 4;
  /** Milliseconds before the second attempt; twice as many before each further one. */
  firstDelayMs: u32 = 250;
  /** Milliseconds between two attempts at most. */
  maxDelayMs: u32 = 5000;
  /** What a test of the connection asks for to know whether webhooks get out. */
  webhookTestUrl: string = "";

  static read(settings: JsonValue): Result<Settings> {
    const read = settings.to<Settings>();
    if (read.isErr || (read.value.attempts >= 1 && read.value.attempts <= 10)) return read;
    return Result.err<Settings>(PluginError.invalidInput("attempts should be 1 to 10"));
  }
}
