/** The package of the contract: every interface of ours is `tusk:plugin/NAME@VERSION`. */
export const CONTRACT_PACKAGE = "tusk:plugin";

/** The versions of the contract that this host serves, newest first. */
export const CONTRACT_VERSIONS = ["0.1.0"] as const;

/** The full name of an interface of the contract. */
export function interfaceName(name: string, version: string = CONTRACT_VERSIONS[0]): string {
  return `${CONTRACT_PACKAGE}/${name}@${version}`;
}
