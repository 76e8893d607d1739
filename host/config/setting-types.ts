import { z } from "zod";
import { parseByteSize, parseDurationMs } from "./quantity.ts";

export const MAX_TIMER_MS = 2 ** 31 - 1;
export const WASM_PAGE_BYTES = 2 ** 16;
export const MAX_MEMORY_BYTES = 2 ** 32;
export const MEGABYTE = 2 ** 20;

/** A text that `parse` makes something of, or a sentence that says why it cannot. */
export function parsed<T>(parse: (text: string) => T | string) {
  return z.string().transform((written, context): T => {
    const value = parse(written);
    if (typeof value !== "string") return value;
    context.addIssue({ code: "custom", message: value });
    return z.NEVER;
  });
}

/** A quantity that a person may write as a number of its unit, or as a text such as "30s" or "100MB". */
function quantity(parse: (text: string) => number | undefined, example: string, min: number, max: number) {
  const range = z.number().int().min(min).max(max);
  const reason = `should be a number, or a text such as "${example}"`;
  return z.union([range, parsed<number>((text) => parse(text) ?? reason).pipe(range)]);
}

export const byteSize = (min: number, max: number) => quantity(parseByteSize, "100MB", min, max);
export const durationMs = (min = 1) => quantity(parseDurationMs, "30s", min, MAX_TIMER_MS);
export const count = (min: number, max: number) => z.number().int().min(min).max(max);
export const access = z.enum(["read", "write"]).describe('"write" includes "read".');
