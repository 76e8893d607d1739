/** How deep settings may be nested, as text and as values: readers recurse, and so do those who read the result. */
export const MAX_DEPTH = 64;
