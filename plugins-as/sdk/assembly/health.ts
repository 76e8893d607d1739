import { PluginError } from "./plugin-error";

/** Optional: says whether the plugin is able to serve. */
export interface Health {
  /** An error means no. Called often, so it should be cheap. */
  check(): PluginError | null;
}
