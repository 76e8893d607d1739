import { random_getU64 } from "../abi/imports";

/** What takes the place of AssemblyScript's own `seed`, from which `Math.random` starts. */
export function seed(): f64 {
  return reinterpret<f64>(random_getU64());
}
