import type { PollSource } from "./wasi-io.ts";

type Tell = () => void;

/** Who wants to know when something is there. */
const waiting = new WeakMap<PollSource, Set<Tell>>();

/**
 * Tells once when `source` is there. However often somebody begins to wait for it and goes: it is waited for once,
 * since a promise that is not kept remembers everybody who ever waited for it.
 */
export function tellOnce(source: PollSource, tell: Tell): void {
  const known = waiting.get(source);
  if (known) {
    known.add(tell);
    return;
  }
  const told = new Set([tell]);
  waiting.set(source, told);
  void tellWhenThere(source, told);
}

async function tellWhenThere(source: PollSource, told: ReadonlySet<Tell>): Promise<void> {
  await source.wait();
  waiting.delete(source);
  for (const tell of told) tell();
}

/** Who wanted to know does not any more. */
export function forget(source: PollSource, tell: Tell): void {
  waiting.get(source)?.delete(tell);
}
