import { describeValue, isPlainObject } from "./describe-value.ts";
import type { JsonValue } from "./json-value.ts";
import { MAX_DEPTH } from "./max-depth.ts";
import { Refusal } from "./refusal.ts";

/**
 * How large settings may grow: a few lines that repeat each other (`$b: [$a, $a]`, `$c: [$b, $b]`, …) would
 * otherwise fill the memory.
 */
export class Budget {
  #left = 2 ** 20;

  /** Pays for values, or for the characters of a text. @throws Refusal if nothing is left. */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0)
      throw new Refusal("The settings grow too large here: they repeat too much too often.");
  }

  /**
   * Copies a value that comes from elsewhere, to stand `depth` levels deep in settings.
   *
   * @throws Refusal if it is no JSON, or too deep, or if nothing is left.
   */
  copy(value: unknown, depth: number): JsonValue {
    this.spend(typeof value === "string" ? value.length : 1);
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    const isList = Array.isArray(value);
    if (!isList && !isPlainObject(value)) {
      throw new Refusal(`This gives ${describeValue(value)}, which JSON cannot write.`);
    }
    if (depth >= MAX_DEPTH) throw new Refusal(`This is nested deeper than ${MAX_DEPTH} levels.`);
    if (isList) return value.map((item) => this.copy(item, depth + 1));
    const entries = Object.entries(value).filter(
      ([key, member]) => member !== undefined && this.#accepts(key),
    );
    return Object.fromEntries(entries.map(([key, member]) => [key, this.copy(member, depth + 1)]));
  }

  #accepts(key: string): boolean {
    this.spend(key.length);
    if (key === "__proto__") throw new Refusal('A name cannot be "__proto__".');
    return true;
  }
}
