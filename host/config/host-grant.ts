import { canonicalHost } from "./canonical-host.ts";
import type { HostGrant } from "./settings.ts";

/**
 * "api.example.com", "*.example.com:8443", "[::1]:80", "*": a host in lower case and in ASCII, with its port.
 * Returns what is wrong with it as a text.
 */
export function parseHostGrant(written: string): Omit<HostGrant, "methods"> | string {
  if (written.includes("/")) return 'should be a host without scheme and path, such as "api.example.com"';
  const [, wildcard = "", name = "", portText] = /^(\*\.)?(.*?)(?::(\d{1,5}))?$/s.exec(written) ?? [];
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > 65_535)) return "should have a port from 1 to 65535";
  if (name === "*" && wildcard === "") return { host: "*", port };
  const host = canonicalHost(name);
  const named = host !== undefined && !/^[\d.]+$|^\[/.test(host);
  if (host === undefined || (wildcard !== "" && !named)) {
    return 'should be a host, such as "api.example.com", "*.example.com:8443", "[::1]" or "*"';
  }
  return { host: wildcard + host, port };
}
