import ipaddr from "ipaddr.js";

/** What is given out to the public internet of IPv6; the rest is reserved, or not given out yet. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an address is on this machine, in a private network, or in any other way not of the public internet.
 * One of IPv4 that is written as one of IPv6 is what it stands for.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPrivateAddress(address: string): boolean {
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return true;
  return parsed instanceof ipaddr.IPv6 && !parsed.match(PUBLIC_IPV6);
}
