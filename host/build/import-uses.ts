import type { SourcePosition } from "../core/source-position.ts";

/** Where a plugin's own code uses an import; in no file if no line of its own leads there. */
interface ImportUse extends SourcePosition {
  /** `module.name`, as the binary has it. */
  readonly import: string;
  /** What the source calls: `process.exit`, or the name of a function that it declares. */
  readonly used: string;
}

/** Somewhere in a function a name is used, and this is the last position in the plugin's own code before it. */
interface Mention {
  readonly within: string;
  readonly position: SourcePosition | undefined;
}

const IMPORT = /^ \(import "(?<module>[^"]*)" "(?<name>[^"]*)" \(\w+ \$(?<internal>[^\s()]+)/;
const FUNCTION = /^ \(func \$(?<name>[^\s()]+)/;
const POSITION = /^\s*;;@ (?<file>.+):(?<line>\d+):(?<column>\d+)$/;
const USE = /\((?:call|return_call|global\.get|global\.set|ref\.func) \$(?<name>[^\s()]+)/g;
const LIBRARY = "~lib/";

/**
 * Finds the lines of a plugin that lead to imports, by following calls backwards through the module in text form,
 * as the compiler writes it unoptimised with positions.
 */
export function findImportUses(text: string, imports: readonly string[]): ImportUse[] {
  const { internalNames, mentions } = readText(text);
  return imports.map((name) => {
    const internal = internalNames.get(name) ?? name;
    const position = nearestPosition(internal, mentions) ?? { file: "", line: 0, column: 0 };
    return { import: name, used: internal.replace(/^.*\//, ""), ...position };
  });
}

function readText(text: string): { internalNames: Map<string, string>; mentions: Map<string, Mention[]> } {
  const internalNames = new Map<string, string>();
  const mentions = new Map<string, Mention[]>();
  let within = "";
  let position: SourcePosition | undefined;
  for (const line of text.split("\n")) {
    const imported = IMPORT.exec(line)?.groups;
    if (imported) internalNames.set(`${imported["module"]}.${imported["name"]}`, imported["internal"] ?? "");
    const entered = FUNCTION.exec(line)?.groups?.["name"];
    if (entered !== undefined) [within, position] = [entered, undefined];
    position = ownPosition(line) ?? position;
    for (const { groups } of line.matchAll(USE)) {
      const used = groups?.["name"] ?? "";
      const known = mentions.get(used);
      if (known) known.push({ within, position });
      else mentions.set(used, [{ within, position }]);
    }
  }
  return { internalNames, mentions };
}

function ownPosition(line: string): SourcePosition | undefined {
  const { file = LIBRARY, line: row, column } = POSITION.exec(line)?.groups ?? {};
  // Binaryen counts columns from 0.
  return file.startsWith(LIBRARY) ? undefined : { file, line: Number(row), column: Number(column) + 1 };
}

/** Breadth first, so that the shortest way to the plugin's own code is found. */
function nearestPosition(
  name: string,
  mentions: ReadonlyMap<string, readonly Mention[]>,
): SourcePosition | undefined {
  const seen = new Set([name]);
  for (const used of seen) {
    for (const { within, position } of mentions.get(used) ?? []) {
      if (position) return position;
      seen.add(within);
    }
  }
  return undefined;
}
