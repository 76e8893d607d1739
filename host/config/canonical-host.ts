import ipaddr from "ipaddr.js";

/**
 * The one spelling of a host: in lower case and in ASCII, without the dot at its end; IPv4 addresses in four decimal
 * parts, also where they are written as IPv6 ("[::ffff:127.0.0.1]"). Undefined if it is none.
 */
export function canonicalHost(name: string): string | undefined {
  if (name === "" || /[\s@?#\\*%:]/.test(name.replace(/^\[[\da-f:.]+\]$/i, ""))) return undefined;
  // The parser that requests go through, so that "0x7f.1" and "BÜCHER.example" mean here what they mean there.
  const host = URL.parse(`http://${name}`)?.hostname.replace(/\.$/, "");
  if (!host?.startsWith("[")) return host;
  const address = ipaddr.process(host.slice(1, -1));
  return address.kind() === "ipv4" ? address.toString() : host;
}
