import { JsonValue } from "./json/json-value";
import { PluginError } from "./plugin-error";
import { Result } from "./result";

/** Optional: hands state over from one generation of a plugin to the next when it is swapped. */
export interface State {
  /** What the next generation should know. Does not change this one. */
  save(): Result<JsonValue>;

  /** Takes over what a generation of the version `savedBy` saved. */
  restore(saved: JsonValue, savedBy: string): PluginError | null;
}
