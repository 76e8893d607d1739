/** A place in a source file. */
export interface SourcePosition {
  /** As the compiler names it: relative to the plugin's folder. Empty where something stands in no file. */
  readonly file: string;
  /** From 1; 0 where something stands in no file. */
  readonly line: number;
  /** From 1, in UTF-16 units; 0 where something stands in no file. */
  readonly column: number;
}
