import { HostError } from "../core/error.ts";
import {
  CAPABILITIES,
  CAPABILITY_INTERFACES,
  type Capabilities,
  type CallOptions,
  type CapabilityName,
} from "../component/contract/exports.ts";
import { camelCase } from "../component/contract/function.ts";
import { callTarget, type CallTarget } from "../engine/call-target.ts";
import type { StreamRequestInit } from "../component/contract/data.ts";
import type { StreamedRequest, StreamedResponse } from "../component/wasi-http/streamed.ts";
import type { Plugin } from "./plugin.ts";
import { type PluginStatus, statusOf } from "./status.ts";

/**
 * A plugin as a program that embeds the host sees it. It stays valid through swaps: each call goes to the
 * generation that serves when it is made.
 *
 * The capabilities are typed: `handle.http.handleRequest(…)`. Asking for one that the plugin does not have
 * throws HostError CAPABILITY_MISSING.
 */
export interface PluginHandle extends Capabilities {
  readonly name: string;
  /** Whether the plugin has a capability, now. */
  has(capability: keyof Capabilities): boolean;
  /** How it does. */
  status(): PluginStatus;
  /**
   * Has a standard HTTP component answer a request: bodies go through as streams, as fast as they are fetched.
   * `status().streams` says whether the plugin is one.
   *
   * @returns When the head of the answer is there.
   * @throws HostError CAPABILITY_MISSING when it is none, PLUGIN_ERROR when it says no, or whatever else ends a call
   */
  exchange(request: StreamedRequest, options?: CallOptions): Promise<StreamedResponse>;
  /**
   * Calls any function of a capability by its names in WIT: `call("database-plugin", "execute-query", [sql, []])`.
   *
   * @throws HostError FUNCTION_UNKNOWN, CAPABILITY_MISSING, VALUE_INVALID
   * @throws HostError PLUGIN_ERROR when the plugin says no, or whatever else ends a call
   */
  call(
    capability: string,
    functionName: string,
    args: readonly unknown[],
    options?: CallOptions,
  ): Promise<unknown>;
}

export function createHandle(plugin: Plugin): PluginHandle {
  const handle = {
    name: plugin.name,
    has: (capability: keyof Capabilities) => capabilitiesOf(plugin).includes(CAPABILITIES[capability]),
    status: () => statusOf(plugin),
    exchange: async (request: StreamedRequest, options?: CallOptions) => {
      verifyStreams(plugin);
      return plugin.exchange(request, options);
    },
    call: async (
      capability: string,
      functionName: string,
      args: readonly unknown[],
      options?: CallOptions,
    ) => {
      const target = callTarget(capability, functionName);
      verifyCapability(plugin, target.interface);
      return plugin.call(target, args, options);
    },
  };
  for (const [key, capability] of Object.entries(CAPABILITIES)) {
    const client = clientOf(plugin, capability);
    Object.defineProperty(handle, key, {
      enumerable: true,
      get() {
        verifyCapability(plugin, capability);
        return client;
      },
    });
  }
  return Object.freeze(handle) as PluginHandle;
}

/**
 * A function of a capability that the plugin has.
 *
 * @throws HostError FUNCTION_UNKNOWN, CAPABILITY_MISSING
 */
export function capabilityTarget(plugin: Plugin, capability: string, functionName: string): CallTarget {
  const target = callTarget(capability, functionName);
  verifyCapability(plugin, target.interface);
  return target;
}

function clientOf(plugin: Plugin, capability: CapabilityName): object {
  const client = createClient(plugin, capability);
  if (capability !== "http-stream-plugin") return client;
  // What it gives are streams, which no ordinary call does.
  const handleStream = (request: StreamRequestInit, options?: CallOptions) => plugin.stream(request, options);
  return Object.freeze({ ...client, handleStream });
}

/** One method a function: its arguments, and after them the options of the call. */
function createClient(plugin: Plugin, capability: CapabilityName): object {
  const methods = Object.keys(CAPABILITY_INTERFACES[capability]).map((name) => {
    const target: CallTarget = callTarget(capability, name);
    const arity = Object.keys(target.contract.params).length;
    const method = (...args: unknown[]) =>
      plugin.call(target, args.slice(0, arity), args[arity] as CallOptions | undefined);
    return [camelCase(name), method] as const;
  });
  return Object.freeze(Object.fromEntries(methods));
}

function verifyCapability(plugin: Plugin, capability: string): void {
  const has = capabilitiesOf(plugin);
  // A plugin that does not serve says so itself when it is called.
  if (!plugin.serving || has.some((name) => name === capability)) return;
  throw new HostError("CAPABILITY_MISSING", { plugin: plugin.name, capability, has });
}

function verifyStreams(plugin: Plugin): void {
  if (!plugin.serving || plugin.serving.streams) return;
  const details = {
    plugin: plugin.name,
    capability: "wasi:http/incoming-handler",
    has: capabilitiesOf(plugin),
  };
  throw new HostError("CAPABILITY_MISSING", details);
}

function capabilitiesOf(plugin: Plugin): readonly CapabilityName[] {
  return plugin.serving?.component.shape.capabilities ?? [];
}
