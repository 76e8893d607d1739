/**
 * What is charged for what, in units of fuel. One unit is about an instruction: a third of a nanosecond for
 * most, and rarely more than a hundred for one that waits for memory.
 */
export const COST = {
  /** A call: it pays for what the function that is called may run unpaid. */
  call: 24,
  /** A call out of the module. */
  hostCall: 100,
  /** A throw, with the way up the stack. */
  throw: 500,
  /** A growth of a memory, by however much. */
  grow: 1000,
} as const;

/** So many instructions of a function may run unpaid. */
export const MAX_UNPAID = COST.call;

/** So many instructions may run between two checks of the fuel, give or take those of one round of a loop. */
export const MAX_UNCHECKED = 10_000;

/** A unit pays for so many bytes, as a power of two, of a fill or copy. */
export const BYTES_PER_FUEL_BITS = 4;

/** One element of a table pays so many units, as a power of two, in a fill, copy or growth. */
export const FUEL_PER_ELEMENT_BITS = 5;

/**
 * What a function may have counted and not charged. There is never more of it than this in an instance, for a
 * function charges what it has counted before it calls another.
 */
export const MAX_COUNTED = 4096;
