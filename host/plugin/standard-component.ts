import { HttpExchange } from "../component/wasi-http/http-exchange.ts";
import type { StreamedRequest, StreamedResponse } from "../component/wasi-http/streamed.ts";
import { toStreamed, toWhole } from "../component/wasi-http/whole.ts";
import type { HttpRequest, HttpResponse, PluginInfo, Route } from "../component/contract/data.ts";
import type { PluginSettings } from "../config/settings.ts";
import type { CallLimits } from "../engine/guard.ts";
import type { PluginInstance } from "../engine/plugin-instance.ts";
import type { Traffic } from "./traffic.ts";

/**
 * A standard HTTP component (`wasi:http/proxy`) as a plugin of the contract. It says nothing of itself, and answers
 * whatever it is asked.
 */
export class StandardComponent {
  readonly info: PluginInfo;
  readonly routes: readonly Route[] = [{ method: "*", pattern: "/*" }];
  readonly #settings: PluginSettings;
  readonly #traffic: Traffic;

  /** @param hash Of its bytes, by which its version is told. */
  constructor(hash: string, settings: PluginSettings, traffic: Traffic) {
    this.#settings = settings;
    this.#traffic = traffic;
    this.info = {
      name: settings.name,
      version: `0.0.0+${hash.slice(0, 12)}`,
      description: "A standard HTTP component (wasi:http)",
    };
  }

  /**
   * Answers a request. The instance is busy until all of the body has been fetched.
   *
   * @returns When the head of the answer is there.
   * @throws HostError PLUGIN_ANSWER_INVALID when it does not answer, or whatever else ends a call
   */
  exchange(request: StreamedRequest, limits: CallLimits): Promise<StreamedResponse> {
    const exchange = new HttpExchange(this.#settings.name, request);
    const handled = Promise.try(() =>
      this.#traffic.run("incoming-handler.handle", limits, (instance, bounded) =>
        handleBy(instance, exchange, bounded),
      ),
    );
    void handled.then(
      () => exchange.close(),
      (error: unknown) => exchange.close(error),
    );
    return exchange.answer;
  }

  /** Answers a request, both bodies whole. @throws HostError as `exchange` does */
  async handleRequest(request: HttpRequest, limits: CallLimits): Promise<HttpResponse> {
    return toWhole(await this.exchange(toStreamed(request), limits), this.#settings);
  }
}

function handleBy(instance: PluginInstance, exchange: HttpExchange, limits: CallLimits): Promise<void> {
  if (!instance.handle) throw new Error("A standard HTTP component lives in the host's own thread.");
  return instance.handle(exchange, limits);
}
