import { CONTRACT_VERSIONS, interfaceName } from "../contract/version.ts";

const SDK_EXPORT = /^(?<post>cabi_post\$)?(?<owner>[a-z_]+)\$(?<member>[a-z_]+)$/;

/**
 * The name in the contract's terms of what the AssemblyScript SDK exports: `http_plugin$handle_request` is
 * `tusk:plugin/http-plugin@0.1.0#handle-request`, and with `cabi_post$` before it what frees its result. Any other
 * name stays.
 */
export function exportName(name: string, version: string = CONTRACT_VERSIONS[0]): string {
  const parts = SDK_EXPORT.exec(name)?.groups;
  if (!parts) return name;
  const { post, owner = "", member = "" } = parts;
  return `${post ? "cabi_post_" : ""}${interfaceName(kebab(owner), version)}#${kebab(member)}`;
}

function kebab(text: string): string {
  return text.replaceAll("_", "-");
}
