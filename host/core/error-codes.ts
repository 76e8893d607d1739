import { didYouMean } from "./did-you-mean.ts";
import type { SourcePosition } from "./source-position.ts";

/**
 * Every code that a `HostError` may have, with the sentence made of its details. The type of a row's
 * parameter is the type of `details` for that code.
 *
 * A sentence says what happened, to which plugin, and what to do. Whatever a plugin had a hand in is quoted
 * by `quote`, which bounds it and takes control characters out.
 */
export const ERRORS = {
  // The binary -------------------------------------------------------------------------------------------
  BINARY_NOT_WASM: (d: { file: string; found: string }) =>
    `${d.file} is not WebAssembly: it starts with ${quote(d.found)}. Build a component with "tusk build".`,
  BINARY_MALFORMED: (d: { file: string; offset: number; reason: string }) =>
    `${d.file} is truncated or damaged at byte ${d.offset}: ${quote(d.reason)}. Build or copy it again.`,
  BINARY_UNSUPPORTED: (d: { file: string; feature: string; offset: number }) =>
    `${d.file} uses ${d.feature} (at byte ${d.offset}), which this host does not run. Build it without.`,
  BINARY_OVER_LIMIT: (d: { file: string; what: string; wanted: number; limit: number }) =>
    `${d.file} wants ${d.wanted} ${d.what}, more than its limit of ${d.limit}. Raise the limit in its settings, or build it smaller.`,

  // The contract -----------------------------------------------------------------------------------------
  CONTRACT_VERSION: (d: { plugin: string; found: string; known: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} is built for contract version ${quote(d.found)}; this host knows ${d.known.join(", ")}. Build it with the SDK of such a version.`,
  CONTRACT_EXPORT_MISSING: (d: { plugin: string; missing: string }) =>
    `Plugin ${quote(d.plugin)} does not export ${d.missing}. Every plugin does: see wit/worlds.wit.`,
  CONTRACT_IMPORT_UNKNOWN: (d: { plugin: string; import: string; known: readonly string[] }) =>
    `Plugin ${quote(d.plugin)} imports ${quote(d.import)}, which this host does not provide.${didYouMean(d.import, d.known)}`,

  // Building --------------------------------------------------------------------------------------------
  BUILD_UNKNOWN_LANGUAGE: (d: { folder: string }) =>
    `${d.folder} holds no plugin that can be built: neither assembly/ with a package.json or asconfig.json (AssemblyScript), nor a Cargo.toml (Rust).`,
  BUILD_TOOL_MISSING: (d: { plugin: string; tool: string; install: string }) =>
    `Plugin ${quote(d.plugin)} cannot be built without ${d.tool}. Install it: ${d.install}`,
  BUILD_FAILED: (d: { plugin: string; diagnostics: readonly (SourcePosition & { message: string })[] }) =>
    `Plugin ${quote(d.plugin)} does not compile.${listed(d.diagnostics, ({ message }) => quote(message))}`,
  BUILD_IMPORT_UNKNOWN: (d: {
    plugin: string;
    uses: readonly (SourcePosition & { used: string; import: string })[];
  }) =>
    `Plugin ${quote(d.plugin)} uses what no host provides.${listed(d.uses, (use) => `${quote(use.used)} needs the import ${quote(use.import)}`)}`,
  COMPONENT_INVALID: (d: { file: string; reason: string }) =>
    `No component can be made of ${d.file}: ${quote(d.reason, 2000)}.`,

  // Values that cross ------------------------------------------------------------------------------------
  VALUE_INVALID: (d: { path: string; expected: string; found: string }) =>
    `${d.path} should be ${d.expected}, and is ${quote(d.found)}.`,
  JSON_MALFORMED: (d: { reason: string; offset: number }) =>
    `The bytes are not a JSON value in MessagePack: ${d.reason} at byte ${d.offset}.`,
} as const satisfies Record<string, (details: never) => string>;

/** A line for each of the first ten places: where, and what is there. */
function listed<T extends SourcePosition>(places: readonly T[], say: (place: T) => string): string {
  const lines = places
    .slice(0, 10)
    .map(
      (place) =>
        `\n  ${place.file === "" ? "" : `${place.file}:${place.line}:${place.column}: `}${say(place)}`,
    );
  if (places.length > 10) lines.push(`\n  and ${places.length - 10} more`);
  return lines.join("");
}

/** A text that somebody else chose, fit to stand in a message: quoted, bounded, one line. */
export function quote(text: string, maxLength = 200): string {
  const bounded = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return JSON.stringify(bounded.toWellFormed()).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
