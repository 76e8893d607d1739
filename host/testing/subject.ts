import { basename } from "node:path";
import { readFile } from "node:fs/promises";
import { HostError, messageOf } from "../core/error.ts";
import { Scope } from "../core/scope.ts";
import type {
  HttpResponseInit,
  OutgoingRequest,
  StreamRequestInit,
  StreamResponse,
} from "../component/contract/data.ts";
import { ServiceError } from "../component/contract/service-error.ts";
import type { HttpClientService, PeersService, Services } from "../component/contract/services.ts";
import { type InspectedComponent, ComponentLoader, inspectComponent } from "../component/loader.ts";
import type { PluginSettings, Settings } from "../config/settings.ts";
import { callTarget, lowerArgs } from "../engine/call-target.ts";
import type { CallLimits } from "../engine/guard.ts";
import { inlineInstances } from "../engine/inline-instances.ts";
import { MemoryMeter } from "../engine/memory-meter.ts";
import type { PluginInstance } from "../engine/plugin-instance.ts";
import { Turnstile } from "../engine/turnstile.ts";
import { verifyPermissions } from "../security/permissions.ts";
import { answerStream } from "../services/http-streams/answer-stream.ts";
import { InstanceStreams } from "../services/http-streams/instance-streams.ts";
import { requestPieces } from "../services/http-streams/request-pieces.ts";
import { StreamExchange } from "../services/http-streams/stream-exchange.ts";
import type { MailTransport } from "../services/mail/mail-transport.ts";
import type { LogSink } from "../services/logger/log-sink.ts";
import { createConfigService } from "../services/config.ts";
import { createServiceHub, type PluginServices } from "../services/service-hub.ts";
import { type Mood, moodyServices } from "./moody-services.ts";

/** Answers the requests that a plugin sends, in place of other servers. */
export type FakeServer = (request: OutgoingRequest) => HttpResponseInit | Promise<HttpResponseInit>;

export interface SubjectOptions {
  readonly settings: Settings;
  readonly plugin: PluginSettings;
  readonly log: LogSink;
  readonly server: FakeServer;
  readonly mail: MailTransport;
}

/** In which an instance differs from one in production. */
export interface Variant {
  readonly config?: PluginSettings["config"];
  readonly mood?: Mood;
  readonly memoryBytes?: number;
}

/** An instance that does what it is told in any order, as a host never would. */
export interface LooseInstance extends Disposable {
  readonly memory: MemoryMeter;
  /** Calls a function by its names in WIT. Throws what a call throws. */
  call(
    capability: string,
    functionName: string,
    args?: readonly unknown[],
    timeoutMs?: number,
  ): Promise<unknown>;
  /** Has it answer a request whose bodies are streams. */
  stream(request: StreamRequestInit): Promise<StreamResponse>;
}

interface SubjectParts {
  readonly component: InspectedComponent;
  readonly loader: ComponentLoader;
  readonly services: PluginServices;
  readonly scope: Scope;
}

const PAGE_BYTES = 65_536;

/** A plugin that is tested: what its instances are made of. */
export class Subject implements AsyncDisposable {
  readonly component: InspectedComponent;
  readonly #options: SubjectOptions;
  readonly #loader: ComponentLoader;
  readonly #services: PluginServices;
  readonly #scope: Scope;
  readonly #turnstile = new Turnstile();

  private constructor(options: SubjectOptions, parts: SubjectParts) {
    this.#options = options;
    this.component = parts.component;
    this.#loader = parts.loader;
    this.#services = parts.services;
    this.#scope = parts.scope;
  }

  /**
   * Reads a plugin, and opens what it may use. Nothing of it runs.
   *
   * @throws HostError FILE_UNREADABLE, PERMISSION_MISSING, and as `inspectComponent` does
   */
  static async open(options: SubjectOptions): Promise<Subject> {
    const { settings, plugin, log, mail } = options;
    const component = inspectComponent(await readPlugin(plugin), basename(plugin.path));
    verifyPermissions(component.shape.asked, plugin);
    const scope = new Scope();
    const loader = await ComponentLoader.create();
    scope.defer(() => loader[Symbol.asyncDispose]());
    const urls = Object.entries(settings.databases).map(([name, { url }]) => [name, url]);
    const databases: Record<string, string> = Object.fromEntries(urls);
    const hub = createServiceHub({ log, mailTransport: mail, databases, folder: settings.baseFolder });
    scope.defer(() => hub.close());
    const { name, config, permissions } = plugin;
    const services = hub.servicesFor({ plugin: name, config, permissions, secrets: settings.secrets });
    return new Subject(options, { component, loader, services, scope });
  }

  get exports(): readonly string[] {
    return this.component.shape.exports;
  }

  get config(): PluginSettings["config"] {
    return this.#options.plugin.config;
  }

  /** An instance that is ready for calls, as in production. */
  async started(variant: Variant = {}): Promise<LooseInstance> {
    const instance = await this.instance(variant);
    try {
      await instance.call("plugin", "info");
      await instance.call("plugin", "initialize", [variant.config ?? this.config]);
      return instance;
    } catch (error) {
      instance[Symbol.dispose]();
      throw error;
    }
  }

  /** A new instance, which has been asked nothing. */
  async instance({ config, mood, memoryBytes: most = Infinity }: Variant = {}): Promise<LooseInstance> {
    const { name: plugin, limits, permissions } = this.#options.plugin;
    const { shape } = this.component;
    const bindings = await this.#loader.load(this.component, plugin, {
      maxMemoryPages: Math.floor(limits.memoryBytes / PAGE_BYTES),
      maxTableElements: limits.tableElements,
      fuel: limits.fuel,
      files: permissions.filesystem.length > 0,
    });
    const memoryBytes = Math.min(limits.memoryBytes, most);
    const memory = new MemoryMeter(memoryBytes);
    const parts = { plugin, shape, bindings, memoryBytes, memory, turnstile: this.#turnstile };
    const own = this.#services.forInstance();
    const streams = shape.services.includes("http-streams") ? new InstanceStreams() : undefined;
    const services = { ...this.#withStandIns(own.services, config), "http-streams": streams };
    const instance = await inlineInstances(parts).create({
      ...own,
      services: mood === undefined ? services : moodyServices(services, mood),
    });
    return looseInstance({ instance, memory, streams }, this.#options.plugin);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }

  /** Other servers and other plugins are not there: something stands in for them. */
  #withStandIns(services: Services, config: Variant["config"]): Services {
    const server: HttpClientService = { send: async (request) => this.#options.server(request) };
    return {
      ...services,
      ...(config && { config: createConfigService(config) }),
      "http-client": services["http-client"] && server,
      peers: NO_PEERS,
    };
  }
}

const NO_PEERS: PeersService = {
  call: (plugin) => Promise.reject(new ServiceError("not-found", `There is no plugin ${plugin} in a test.`)),
};

interface LooseParts {
  readonly instance: PluginInstance;
  readonly memory: MemoryMeter;
  readonly streams: InstanceStreams | undefined;
}

const HANDLE_STREAM = callTarget("http-stream-plugin", "handle-stream");

function looseInstance(
  { instance, memory, streams }: LooseParts,
  { name, limits: { cpuMs, timeoutMs: most, streamBytes: maxBytes } }: PluginSettings,
): LooseInstance {
  const limits = (timeoutMs: number, signal?: AbortSignal): CallLimits => {
    return { deadline: performance.now() + timeoutMs, timeoutMs, cpuMs, signal };
  };
  return {
    memory,
    call(capability, functionName, args = [], wanted = Infinity) {
      const target = callTarget(capability, functionName);
      return instance.call(target, lowerArgs(target, args), limits(Math.min(most, wanted)));
    },
    stream({ body, ...head }) {
      const pieces = requestPieces(body);
      const exchange = new StreamExchange({ plugin: name, method: head.method, body: pieces, maxBytes });
      const wireArgs = lowerArgs(HANDLE_STREAM, [head]);
      const call = () => instance.call(HANDLE_STREAM, wireArgs, limits(most, exchange.cancelled));
      // What goes wrong is told by the answer.
      void answerStream(exchange, streams, call).catch(() => undefined);
      return exchange.answer;
    },
    [Symbol.dispose]: () => instance[Symbol.dispose](),
  };
}

async function readPlugin({ name, path }: PluginSettings): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new HostError("FILE_UNREADABLE", { file: path, plugin: name, reason: messageOf(cause) }, { cause });
  }
}
