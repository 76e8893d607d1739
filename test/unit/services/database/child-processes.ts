import { readFile } from "node:fs/promises";

/** The processes that a process has started and that still run. Linux only. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const pids = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return pids.split(" ").filter(Boolean).map(Number);
}

/** Waits until a process has used the processor for a while: so it is in the middle of something. */
export async function busy(pid: number): Promise<void> {
  const usedTicks = async (): Promise<number> =>
    Number((await readFile(`/proc/${pid}/stat`, "utf8")).split(" ")[13]);
  const before = await usedTicks();
  while ((await usedTicks()) < before + 10) await turn();
}

/** Waits until a process is gone. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      // A zombie is gone: only its parent has not noticed.
      if ((await readFile(`/proc/${pid}/stat`, "utf8")).split(" ")[2] === "Z") return;
    } catch {
      return;
    }
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 5));
}
