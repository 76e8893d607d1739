/**
 * How many there are of everything that an instruction can name by index, in the module as its author made it.
 *
 * The rewrite appends to most of these. An index that was beyond the end would then name what was appended, so
 * each one in the module is held against these counts.
 */
export interface IndexSpace {
  readonly types: number;
  readonly functions: number;
  readonly importedFunctions: number;
  readonly tables: number;
  readonly memories: number;
  readonly globals: number;
  /** By function that the module defines: how many parameters it has. */
  readonly parameterCounts: readonly number[];
}
