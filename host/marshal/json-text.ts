// TypeScript does not know it yet; every Node that runs this has it.
const { rawJSON } = JSON as unknown as { rawJSON(this: void, text: string): object };

/** JSON over several lines, for a person or a program. See `compactJson`. */
export function prettyJson(value: unknown): string {
  return jsonTextWith(value ?? null, textOrBase64, 2);
}

/**
 * JSON on one line. Integers of 64 bits keep every digit; bytes are a text if they are UTF-8, else
 * `{"base64": "…"}`; what is undefined is left out.
 */
export function compactJson(value: unknown): string {
  return jsonTextWith(value ?? null, textOrBase64, 0);
}

/**
 * JSON whose integers keep every digit.
 *
 * @param bytesForm What stands in the place of bytes.
 */
export function jsonTextWith(
  value: unknown,
  bytesForm: (bytes: Uint8Array) => unknown,
  indent: number,
): string {
  // The holder is asked, and not the value given, because a Buffer has turned itself into an object by then.
  return JSON.stringify(
    value,
    function (this: Record<string, unknown>, key, given: unknown) {
      const member = this[key];
      if (member instanceof Uint8Array) return bytesForm(member);
      return typeof member === "bigint" ? rawJSON(String(member)) : given;
    },
    indent,
  );
}

/** `value` as what `JSON.stringify` takes: integers keep every digit, bytes are base64. */
export function loggableJson(value: unknown): unknown {
  if (typeof value === "bigint") return rawJSON(String(value));
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(loggableJson);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, loggableJson(member)]));
}

function textOrBase64(bytes: Uint8Array): unknown {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes).toString("base64") };
  }
}

/** What a person wrote as JSON: integers that a `number` cannot hold come out as `bigint`. @throws SyntaxError */
export function parseJson(text: string): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, { source }: { source: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value) as (key: string, value: unknown) => unknown) as unknown;
}
