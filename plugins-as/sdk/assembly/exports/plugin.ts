import { takeJson } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerString, outcome } from "../abi/lower";
import { AREA, cabi_realloc } from "../abi/memory";
import { Plugin } from "../plugin";
import { registered } from "../register";

export { cabi_realloc };

export function plugin$info(): usize {
  const plugin = the();
  lowerString(AREA, plugin.name);
  lowerString(AREA + 8, plugin.version);
  lowerString(AREA + 16, plugin.description);
  return AREA;
}

export function plugin$initialize(start: usize, length: usize): usize {
  const settings = takeJson(start, length);
  if (settings.isErr) return failed(settings.error!);
  return outcome(the().initialize(settings.value));
}

export function plugin$shutdown(): usize {
  return outcome(the().shutdown());
}

function the(): Plugin {
  const plugin = registered.plugin;
  if (!plugin) throw new Error("No plugin is registered. End the source with: register(new MyPlugin());");
  return plugin;
}

export { cabi_post as cabi_post$plugin$info, cabi_post as cabi_post$plugin$initialize };
export { cabi_post as cabi_post$plugin$shutdown };
