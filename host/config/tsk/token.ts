import type { SourceText } from "../source-text.ts";

/** A piece of a `.tsk` text, with the indexes where it starts and ends. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: "name" | "variable" | "operator"; readonly path: readonly string[] }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "range"; readonly min: number; readonly max: number }
  | { readonly kind: "string"; readonly content: SourceText; readonly isTemplate: boolean }
  | { readonly kind: "punctuation"; readonly mark: string }
  | { readonly kind: "separator" | "end" }
);
