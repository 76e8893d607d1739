import { random_getBytes, random_getU64 } from "../abi/imports";
import { takeBytes } from "../abi/lift";
import { AREA } from "../abi/memory";

// Inside the namespace, `u64` is the function.
type U64 = u64;

/** A service: randomness fit for secrets. Always granted. */
export namespace random {
  /** As many bytes as asked for, 65,536 at most: a larger number traps. */
  export function bytes(length: u32): Uint8Array {
    random_getBytes(length, AREA);
    return takeBytes(load<usize>(AREA), load<usize>(AREA, 4));
  }

  export function u64(): U64 {
    return random_getU64();
  }
}
