import type { LoadOrder } from "./resolve-load-order.ts";

/**
 * The order of loading as a tree: each plugin stands once, under the last of those that it waits for, with
 * its number in the order and, where `startMs` has it, the milliseconds that it took to start.
 */
export function renderTree(loadOrder: LoadOrder, startMs: ReadonlyMap<string, number> = new Map()): string {
  const numbers = new Map(loadOrder.order.map((name, index) => [name, index + 1]));
  const below = new Map<string | undefined, string[]>();
  const labels = new Map<string, string>();
  for (const name of loadOrder.order) {
    const waitsFor = (loadOrder.dependencies.get(name) ?? []).toSorted(
      (a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0),
    );
    const parent = waitsFor.pop();
    const siblings = below.get(parent) ?? [];
    below.set(parent, siblings);
    siblings.push(name);
    labels.set(name, `${numbers.get(name)}. ${name}${describe(startMs.get(name), waitsFor)}`);
  }
  const lines: string[] = [];
  const draw = (parent: string | undefined, indent: string): void => {
    const names = below.get(parent) ?? [];
    for (const [i, name] of names.entries()) {
      const isLast = i === names.length - 1;
      const [mark, gap] = parent === undefined ? ["", ""] : isLast ? ["└─ ", "   "] : ["├─ ", "│  "];
      lines.push(`${indent}${mark}${labels.get(name)}\n`);
      draw(name, indent + gap);
    }
  };
  draw(undefined, "");
  return lines.join("");
}

function describe(tookMs: number | undefined, others: readonly string[]): string {
  const took = tookMs === undefined ? "" : `  ${Math.round(tookMs)} ms`;
  return others.length === 0 ? took : `${took}  (and after ${others.join(", ")})`;
}
