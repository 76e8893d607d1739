/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Whether it may be cut short where the table is too wide. */
  readonly shrinks?: boolean;
}

/** What makes a text look different without making it longer. */
type CellStyle = (text: string, row: number, column: number) => string;

const GAP = "  ";

/** No column is cut shorter than this. */
const MIN_WIDTH = 8;

/**
 * A table as lines, titles first, at most `width` characters wide if columns can be cut to that.
 *
 * @param style What becomes of each cell once it has its width; titles are row -1.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Infinity,
  style: CellStyle = (text) => text,
): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = fit(columns, [titles, ...rows], width);
  return [titles, ...rows].map((cells, row) =>
    columns
      .map(({ align = "left" }, column) => {
        const cell = cut(cells[column] ?? "", widths[column] ?? 0);
        const padding = " ".repeat((widths[column] ?? 0) - cell.length);
        // Nothing follows the last column, so it needs no padding.
        const after = align === "right" || column === columns.length - 1 ? "" : padding;
        return `${align === "right" ? padding : ""}${style(cell, row - 1, column)}${after}`;
      })
      .join(GAP),
  );
}

function fit(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const total = () => widths.reduce((sum, one) => sum + one, GAP.length * (columns.length - 1));
  while (total() > width) {
    const shrinkable = widths.map((one, i) => (columns[i]?.shrinks === true && one > MIN_WIDTH ? one : 0));
    const widest = Math.max(...shrinkable);
    if (widest === 0) break;
    widths[shrinkable.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
