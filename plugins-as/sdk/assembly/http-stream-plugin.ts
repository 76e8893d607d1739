import { PluginError } from "./plugin-error";
import { Route } from "./route";
import { StreamRequest } from "./stream-request";

/** A capability: answers HTTP requests whose bodies are too large, or take too long, to be had as a whole. */
export interface HttpStreamPlugin {
  /** The routes that are answered so. Called once, after `initialize`. */
  registerStreamRoutes(): Route[];

  /**
   * Answers a request: `respond`, `write` and `finish`. An error before it has responded becomes a problem
   * document; afterwards the connection is cut, so that nobody takes a part for the whole.
   */
  handleStream(request: StreamRequest): PluginError | null;
}
