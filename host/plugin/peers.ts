import { quote } from "../core/error-codes.ts";
import { HostError, messageOf } from "../core/error.ts";
import { type ErrorKind, ServiceError } from "../component/contract/service-error.ts";
import type { PeersService } from "../component/contract/services.ts";
import type { PluginSettings } from "../config/settings.ts";
import type { JsonValue } from "../marshal/json.ts";
import { rename } from "../marshal/type.ts";
import { capabilityTarget } from "./plugin-handle.ts";
import type { Plugin } from "./plugin.ts";

/**
 * The `peers` service of one plugin: it calls what others are capable of, if the plugin depends on them.
 * The caller's deadline holds for the call, and calls that would wait for each other are refused.
 *
 * @see wit/services.wit
 */
export function createPeers(
  caller: Pick<PluginSettings, "name" | "dependencies">,
  find: (name: string) => Plugin | undefined,
): PeersService {
  return {
    async call(name, capability, functionName, args) {
      if (!caller.dependencies.some((dependency) => dependency.name === name)) {
        throw new ServiceError(
          "denied",
          `Plugin ${quote(caller.name)} does not depend on a plugin ${quote(name)}.`,
        );
      }
      const plugin = find(name);
      if (!plugin) throw new ServiceError("not-found", `There is no plugin ${quote(name)}.`);
      if (!Array.isArray(args)) throw new ServiceError("invalid-input", "The arguments are no array.");
      try {
        return await callPeer(plugin, capability, functionName, args);
      } catch (error) {
        throw asServiceError(error);
      }
    },
  };
}

async function callPeer(
  plugin: Plugin,
  capability: string,
  functionName: string,
  args: readonly JsonValue[],
): Promise<JsonValue> {
  const target = capabilityTarget(plugin, capability, functionName);
  const types = Object.values(target.contract.params);
  if (args.length !== types.length) {
    throw new ServiceError(
      "invalid-input",
      `${functionName} takes ${types.length} arguments, not ${args.length}.`,
    );
  }
  const result = await plugin.call(
    target,
    types.map((type, i) => rename(type, args[i], "camelCase")),
  );
  return (rename(target.contract.result, result, "snake_case") ?? null) as JsonValue;
}

/** What the caller is told: the peer's own error as it is, and of everything else that it happened. */
function asServiceError(error: unknown): unknown {
  if (!HostError.is(error)) return error;
  if (HostError.is(error, "PLUGIN_ERROR"))
    return new ServiceError(error.details.kind as ErrorKind, error.details.text);
  return new ServiceError(KINDS.get(error.code) ?? "unavailable", messageOf(error), { cause: error });
}

const KINDS: ReadonlyMap<string, ErrorKind> = new Map([
  ["VALUE_INVALID", "invalid-input"],
  ["FUNCTION_UNKNOWN", "invalid-input"],
  ["CAPABILITY_MISSING", "not-found"],
  ["PLUGIN_TIMEOUT", "timeout"],
  ["PLUGIN_CPU_LIMIT", "timeout"],
]);
