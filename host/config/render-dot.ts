import type { LoadOrder } from "./resolve-load-order.ts";

/** The graph of dependencies for Graphviz: an arrow goes from each plugin to what it waits for. */
export function renderDot({ order, dependencies }: LoadOrder): string {
  const lines = order.flatMap((name) => [
    `  ${quoteDot(name)};`,
    ...(dependencies.get(name) ?? []).map((dependency) => `  ${quoteDot(name)} -> ${quoteDot(dependency)};`),
  ]);
  return ["digraph plugins {", "  rankdir=LR;", "  node [shape=box];", ...lines, "}", ""].join("\n");
}

function quoteDot(name: string): string {
  return `"${name.replace(/["\\]/g, String.raw`\$&`)}"`;
}
