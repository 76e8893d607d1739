import type { StreamRequestInit, StreamResponse } from "../component/contract/data.ts";
import type { PluginShape } from "../component/shape.ts";
import type { PluginSettings } from "../config/settings.ts";
import { callTarget, lowerArgs } from "../engine/call-target.ts";
import type { CallLimits } from "../engine/guard.ts";
import type { InstanceFactory, InstanceServices, PluginInstance } from "../engine/plugin-instance.ts";
import { answerStream } from "../services/http-streams/answer-stream.ts";
import { InstanceStreams } from "../services/http-streams/instance-streams.ts";
import { requestPieces } from "../services/http-streams/request-pieces.ts";
import { StreamExchange } from "../services/http-streams/stream-exchange.ts";
import type { Traffic } from "./traffic.ts";

const HANDLE_STREAM = callTarget("http-stream-plugin", "handle-stream");

/** The calls of one generation whose bodies are streams. */
export class StreamCalls {
  readonly #settings: PluginSettings;
  readonly #traffic: Traffic;
  readonly #streams = new WeakMap<PluginInstance, InstanceStreams>();

  constructor(settings: PluginSettings, traffic: Traffic) {
    this.#settings = settings;
    this.#traffic = traffic;
  }

  /** Makes an instance, with streams of its own if it imports them. @throws HostError as `InstanceFactory.create` does */
  async create(
    factory: InstanceFactory,
    { services: imported }: Pick<PluginShape, "services">,
    own: InstanceServices,
  ): Promise<PluginInstance> {
    if (!imported.includes("http-streams")) return factory.create(own);
    const streams = new InstanceStreams();
    const instance = await factory.create({ ...own, services: { ...own.services, "http-streams": streams } });
    this.#streams.set(instance, streams);
    return instance;
  }

  /**
   * Has a request answered.
   *
   * @returns When the head of the answer is there.
   * @throws HostError PLUGIN_ANSWER_INVALID when there is none, or whatever else ends a call
   */
  handle({ body, ...head }: StreamRequestInit, limits: CallLimits): Promise<StreamResponse> {
    const wireArgs = lowerArgs(HANDLE_STREAM, [head]);
    const exchange = new StreamExchange({
      plugin: this.#settings.name,
      method: head.method,
      body: requestPieces(body),
      maxBytes: this.#settings.limits.streamBytes,
    });
    const { cancelled } = exchange;
    const signal = limits.signal ? AbortSignal.any([limits.signal, cancelled]) : cancelled;
    const use = (instance: PluginInstance, bounded: CallLimits) =>
      answerStream(exchange, this.#streams.get(instance), () =>
        instance.call(HANDLE_STREAM, wireArgs, bounded),
      );
    const handled = this.#traffic.run(HANDLE_STREAM.name, { ...limits, signal }, use);
    void handled.catch((error: unknown) => exchange.close(error));
    return exchange.answer;
  }
}
