import { takeJson, takeString } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerJson, outcome, succeeded } from "../abi/lower";
import { AREA } from "../abi/memory";
import { registered } from "../register";

export * from "./plugin";

@global
class ExportsState {}

export function state$save(): usize {
  const saved = registered.state!.save();
  if (saved.isErr) return failed(saved.error!);
  lowerJson(AREA + 4, saved.value);
  return succeeded();
}

export function state$restore(start: usize, length: usize, savedBy: usize, savedByLength: usize): usize {
  const saved = takeJson(start, length);
  const version = takeString(savedBy, savedByLength);
  if (saved.isErr) return failed(saved.error!);
  return outcome(registered.state!.restore(saved.value, version));
}

export { cabi_post as cabi_post$state$save, cabi_post as cabi_post$state$restore };
