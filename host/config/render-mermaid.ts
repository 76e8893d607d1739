import type { LoadOrder } from "./resolve-load-order.ts";

/** The graph of dependencies for Mermaid: an arrow goes from each plugin to what it waits for. */
export function renderMermaid({ order, dependencies }: LoadOrder): string {
  // Names stand as labels only: as an identifier, one such as "end" would be a keyword.
  const ids = new Map(order.map((name, index) => [name, `p${index + 1}`]));
  const nodes = order.map((name) => `  ${ids.get(name)}["${escapeMermaid(name)}"]`);
  const arrows = order.flatMap((name) =>
    (dependencies.get(name) ?? []).map((dependency) => `  ${ids.get(name)} --> ${ids.get(dependency)}`),
  );
  return ["graph LR", ...nodes, ...arrows, ""].join("\n");
}

function escapeMermaid(name: string): string {
  return name.replace(/[^\w .-]/gu, (character) => `#${character.codePointAt(0)};`);
}
