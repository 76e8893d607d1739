/** A pattern that a plugin gave, taken apart. */
export interface RoutePattern {
  /** The same for patterns that match the same paths: parameters by their number instead of their name. */
  readonly canonical: string;
  /** The names of what it binds, in order; that of the rest is "*". */
  readonly names: readonly string[];
}

const MAX_LENGTH = 1_000;

/**
 * Reads "/users/:id" (binds one segment) and "/files/*" (binds the rest, wherever that ends). What stands in
 * a segment otherwise is compared with the decoded path, letter by letter.
 *
 * @returns What is wrong with it as a text, if it is no such pattern.
 */
export function parseRoutePattern(written: string): RoutePattern | string {
  if (!written.startsWith("/")) return "it does not start with a slash";
  if (written.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  const names: string[] = [];
  const segments = written.slice(1).split("/");
  const canonical: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const name =
      segment === "*" && index === segments.length - 1 ? "*" : /^:([A-Za-z_]\w*)$/.exec(segment)?.[1];
    if (name === undefined && /[^!$&'()+,;=@.~_\p{L}\p{M}\p{N}-]/u.test(segment)) {
      return 'a segment is a plain text, or ":name", or, at the end, "*"';
    }
    if (name !== undefined && names.includes(name)) return `it binds ${name} twice`;
    // A parameter binds one segment, and an empty one is none.
    canonical.push(name === undefined ? segment : name === "*" ? "*" : `:${names.length}([^]+)`);
    if (name !== undefined) names.push(name);
  }
  return { canonical: `/${canonical.join("/")}`, names };
}
