import { domainToASCII } from "node:url";

// No quoted names, and none of the signs by which a server may be asked to send a message on to another one.
const LOCAL_PART = /^[A-Za-z0-9#$&'+/=?^_{}~-]+(?:\.[A-Za-z0-9#$&'+/=?^_{}~-]+)*$/;
const DOMAIN = /^(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*$/;

/** A bare address in the form in which addresses are compared and sent, or undefined if it is none. */
export function parseMailAddress(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  const domain = canonicalDomain(text.slice(at + 1));
  if (at < 1 || local.length > 64 || !LOCAL_PART.test(local) || domain === undefined) return undefined;
  return `${local}@${domain}`;
}

/** "ada@example.com", "*@example.com", "*": whom messages may go to. Returns what is wrong with it as a text. */
export function parseRecipientGrant(written: string): { address: string } | string {
  if (written === "*") return { address: written };
  const domain = written.startsWith("*@") ? canonicalDomain(written.slice(2)) : undefined;
  const address = domain === undefined ? parseMailAddress(written) : `*@${domain}`;
  if (address !== undefined) return { address };
  return 'should be an address, such as "ada@example.com", "*@example.com" or "*"';
}

/** Whether an address that `parseMailAddress` gave is one that a grant covers. */
export function coversRecipient(grant: string, address: string): boolean {
  if (grant === "*") return true;
  if (grant.startsWith("*@")) return address.endsWith(grant.slice(1));
  // What a server makes of the case of a name is its own business; nobody gives one to somebody else.
  return grant.toLowerCase() === address.toLowerCase();
}

function canonicalDomain(written: string): string | undefined {
  const domain = domainToASCII(written);
  return domain.length <= 253 && DOMAIN.test(domain) ? domain : undefined;
}
