import { cutText } from "../../core/cut-text.ts";
import { MAX_JSON_DEPTH, type JsonValue } from "../../marshal/json.ts";
import type { LogFields } from "./log-entry.ts";

export interface LogTextLimits {
  readonly maxMessageLength: number;
  /** Characters of all keys and values of a line's fields together. */
  readonly maxFieldsLength: number;
}

const SCRUBBED = "[secret]";

/** As many as the HTTP server takes from a client. */
const MAX_REQUEST_ID_LENGTH = 128;

// C0 and C1 controls, line and paragraph separators, and what turns the direction of text: everything with
// which a text could end its line, move the cursor, or look like another text.
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Makes what a plugin logs fit to print: secrets out, control characters escaped, lengths bounded. */
export class LogCleaner {
  readonly #limits: LogTextLimits;
  readonly #secrets: readonly string[];
  readonly #anySecret: RegExp | undefined;

  constructor(limits: LogTextLimits, secrets: ReadonlySet<string>) {
    this.#limits = limits;
    // The longest first, so that a secret which begins with another is not left half.
    this.#secrets = [...secrets].filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);
    const pattern = this.#secrets.map((secret) => RegExp.escape(secret)).join("|");
    this.#anySecret = pattern === "" ? undefined : new RegExp(pattern, "g");
  }

  message(text: string): string {
    return this.#clean(text, this.#limits.maxMessageLength);
  }

  /** An id that whoever called has chosen. */
  requestId(text: string): string {
    return this.#clean(text, MAX_REQUEST_ID_LENGTH);
  }

  /** A value that is no object stands under the key `value`. Fields over the limit are left out, and say so. */
  fields(value: JsonValue): LogFields {
    const budget = { left: this.#limits.maxFieldsLength };
    const cleaned = this.#value(value, budget, 0);
    if (budget.left < 0)
      return { left_out: `fields of more than ${this.#limits.maxFieldsLength} characters` };
    return isObject(cleaned) ? cleaned : { value: cleaned };
  }

  #value(value: JsonValue, budget: { left: number }, depth: number): JsonValue {
    if (budget.left < 0 || depth > MAX_JSON_DEPTH) return null;
    if (typeof value === "string") return this.#fieldText(value, budget);
    budget.left -= value instanceof Uint8Array ? value.length : 8;
    if (Array.isArray(value)) {
      return value.map((element: JsonValue) => this.#value(element, budget, depth + 1));
    }
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(([key, member]): [string, JsonValue] => [
      this.#fieldText(key, budget),
      this.#value(member, budget, depth + 1),
    ]);
    return Object.fromEntries(members);
  }

  #fieldText(text: string, budget: { left: number }): string {
    budget.left -= text.length;
    return budget.left < 0 ? "" : this.#clean(text, this.#limits.maxFieldsLength);
  }

  #clean(text: string, maxLength: number): string {
    const printable = this.#scrub(text, maxLength).toWellFormed().replace(UNPRINTABLE, escaped);
    const leftOut = Math.max(0, text.length - maxLength);
    return leftOut === 0 ? printable : `${printable}… (${leftOut} more characters)`;
  }

  /** The first `maxLength` characters of `text`, without secrets, nor the part of one that stands across the cut. */
  #scrub(text: string, maxLength: number): string {
    const kept = cutText(text, maxLength);
    if (this.#anySecret === undefined) return kept;
    const scrubbed = kept.replace(this.#anySecret, SCRUBBED);
    return text.length > maxLength
      ? scrubbed.slice(0, scrubbed.length - this.#cutSecretLength(scrubbed))
      : scrubbed;
  }

  /** How many characters at the end of `text` are the beginning of a secret. */
  #cutSecretLength(text: string): number {
    let longest = 0;
    for (const secret of this.#secrets) {
      for (let length = secret.length - 1; length > longest; length--) {
        if (text.endsWith(secret.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}

function isObject(value: JsonValue): value is LogFields {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function escaped(character: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
