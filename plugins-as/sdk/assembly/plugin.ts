import { JsonValue } from "./json/json-value";
import { PluginError } from "./plugin-error";

/**
 * What every plugin is. A plugin's class extends this and implements the interface of each capability that it
 * offers; see `register`.
 */
export abstract class Plugin {
  /** The name by which settings and other plugins refer to it: kebab-case. */
  name: string = "";
  /** A semantic version: "1.0.0". */
  version: string = "0.0.0";
  /** One line for a person. */
  description: string = "";

  /**
   * Makes the plugin ready. Called once, before any capability.
   *
   * `settings` is the `config` of the plugin's settings: a JSON object, empty if none was given. After an error
   * the plugin does not serve.
   */
  initialize(settings: JsonValue): PluginError | null {
    return null;
  }

  /** Called once, after the last call has been answered. */
  shutdown(): PluginError | null {
    return null;
  }
}
