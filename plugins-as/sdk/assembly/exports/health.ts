import { cabi_post } from "../abi/loan";
import { outcome } from "../abi/lower";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsHealth {}

export function health$check(): usize {
  return outcome(registered.health!.check());
}

export { cabi_post as cabi_post$health$check };
