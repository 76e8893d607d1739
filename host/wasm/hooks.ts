/**
 * What a rewritten module exports for the engine; no module may export these names itself.
 *
 * - `fuel`: a mutable i64 global. The code subtracts from it what it is about to run.
 * - `hook`: a table of functions, by the slots below. While a slot is empty, what would call it traps.
 * - `start`: what was the start function, if the module had one: to be called once the limits are armed.
 */
export const INSTRUMENT_EXPORT = { fuel: "tusk:fuel", hook: "tusk:hook", start: "tusk:start" } as const;

/** The slots of the table of hooks. */
export const HOOK_SLOT = {
  /**
   * `() -> ()`, called when the fuel is below zero. It refills the global or traps; if it returns without a
   * refill, the code goes on and calls it again at the next payment. To stop the guest it must trap in
   * WebAssembly, by `unreachable`: what JavaScript throws, a guest can catch.
   */
  outOfFuel: 0,
  /**
   * `(delta: i32) -> i32`, called before a memory grows by `delta` pages, which is 1 to 65,536. 0 refuses: the
   * guest sees that the memory cannot grow. If the engine then cannot grow it all the same, the hook is called
   * again with `-delta` to take back what it allowed, and its result means nothing.
   */
  grow: 1,
} as const;
