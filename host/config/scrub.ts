/** Shorter texts are no secrets: to take them out would only make holes in every log. */
export const MIN_SECRET_LENGTH = 4;

const HIDDEN = "[secret]";
const NAME = /password|passwd|passphrase|secret|token|private_?key|api_?key|credential/i;

/** Whether a key of this name holds a secret unless something else is said. */
export function isSecretName(name: string): boolean {
  return NAME.test(name);
}

/** Makes a function that puts "[secret]" in place of each of `secrets` in a text, escaped as in JSON or a URL too. */
export function createScrubber(secrets: ReadonlySet<string>): (text: string) => string {
  const pattern = patternOf(secrets);
  return pattern === undefined ? (text) => text : (text) => text.replace(pattern, HIDDEN);
}

// What stands in quotes behind the name of a secret, as far as the line goes; not if it is an operator.
const WRITTEN_SECRET = new RegExp(
  String.raw`((?:${NAME.source})[\w-]*["']?\s*[:=]\s*)("(?!\\?@)(?:[^"\\]|\\.)*"?|'(?!@)(?:[^'\\]|\\.)*'?)`,
  "gi",
);

/** Puts an asterisk in place of each character of a secret in a line of settings, so that columns stay right. */
export function maskSecrets(line: string, secrets: ReadonlySet<string>): string {
  const pattern = patternOf(secrets);
  const masked = line.replace(
    WRITTEN_SECRET,
    (_, name: string, value: string) => name + "*".repeat(value.length),
  );
  return pattern === undefined ? masked : masked.replace(pattern, (text) => "*".repeat(text.length));
}

function patternOf(secrets: ReadonlySet<string>): RegExp | undefined {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    spellings.add(secret);
    spellings.add(JSON.stringify(secret).slice(1, -1));
    spellings.add(encodeURIComponent(secret.toWellFormed()));
  }
  if (spellings.size === 0) return undefined;
  // The longest first: a secret may begin with another.
  const alternatives = [...spellings]
    .toSorted((a, b) => b.length - a.length)
    .map((text) => RegExp.escape(text));
  return new RegExp(alternatives.join("|"), "g");
}
