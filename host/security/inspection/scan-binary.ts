import { HostError } from "../../core/error.ts";
import { quote } from "../../core/error-codes.ts";
import type { FindingRule } from "../../config/finding-rules.ts";
import { BinaryReader } from "../../wasm/binary.ts";
import { decodeComponent } from "../../wasm/component-outline.ts";
import type { CustomSections } from "../../wasm/custom-sections.ts";
import { instrument } from "../../wasm/instrument.ts";
import { kindOf } from "../../wasm/kind.ts";
import { MAX_PAGES } from "../../wasm/limits.ts";
import { type ModuleOutline, readModuleOutline } from "../../wasm/module-outline.ts";
import { type ModuleScan, scanModule } from "../../wasm/module-scan.ts";
import { pathsIn } from "./embedded-paths.ts";
import { randomStretches } from "./random-stretches.ts";
import { RULES, type Severity } from "./rules.ts";

/** Something that static inspection noticed. */
export interface Finding {
  readonly rule: FindingRule;
  readonly severity: Severity;
  /** "component", or "core module 0", with the name that it gives itself. */
  readonly where: string;
  /** Bytes into the file, where that can be said. */
  readonly offset: number | undefined;
  readonly message: string;
}

/** Larger than any function that compilers make of what people write. */
const LARGE_FUNCTION_BYTES = 128 * 1024;

/** What tools that build components write. */
const KNOWN_SECTIONS =
  /^(?:name|component-name|component-type(?::.*)?|producers|target_features|linking|dylink\.0|sourceMappingURL|external_debug_info|build_id|signature|signature_delimiter|tusk-identity|metadata\.code\..*|reloc\..*|\.debug_.*|authors|description|homepage|licenses|revision|source|version)$/;

const DEBUG_SECTIONS = /^(?:\.debug_.*|sourceMappingURL|external_debug_info)$/;

/** More than this of one rule in one place is noise. */
const MAX_OF_A_KIND = 20;

/**
 * What is worth knowing about a component or core module before it runs, found without running or compiling any
 * of it, in time linear in its size.
 *
 * @param foreignExports What it exports beyond the contract, which is not known here.
 * @throws HostError BINARY_NOT_WASM, BINARY_MALFORMED, BINARY_UNSUPPORTED when its header is that of something else
 */
export function scanBinary(
  bytes: Uint8Array,
  file: string,
  foreignExports: readonly string[] = [],
): Finding[] {
  const scanner = new BinaryScanner(bytes, file);
  return kindOf(bytes, file) === "component" ? scanner.component(foreignExports) : scanner.module();
}

class BinaryScanner {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  readonly #findings: Finding[] = [];

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  component(foreignExports: readonly string[]): Finding[] {
    const where = "component";
    const whole = this.#readable(where, () => decodeComponent(this.#bytes, this.#file));
    if (!whole) return this.#findings;
    const { custom, coreModules } = whole;
    this.#sections(where, custom);
    const producers = [custom, ...coreModules.map(({ outline }) => outline.custom)];
    if (producers.every((section) => section.producers.size === 0)) {
      this.#add("no-producers", where, "there is no producers section");
    }
    for (const name of foreignExports) this.#add("foreign-export", where, `exports ${quote(name)}`);
    for (const [i, { start, sizeBytes, outline }] of coreModules.entries()) {
      this.#module(i, outline, start, start + sizeBytes);
    }
    return this.#findings;
  }

  module(): Finding[] {
    const reader = new BinaryReader(this.#bytes, this.#file);
    const outline = this.#readable("core module 0", () => readModuleOutline(reader));
    if (outline) this.#module(0, outline, 0, this.#bytes.length);
    return this.#findings;
  }

  #add(rule: FindingRule, where: string, message: string, offset?: number): void {
    const { severity } = RULES[rule];
    const same = this.#findings.filter((finding) => finding.rule === rule && finding.where === where);
    if (same.length < MAX_OF_A_KIND) this.#findings.push({ rule, severity, where, offset, message });
  }

  #sections(where: string, { names }: CustomSections): void {
    for (const name of new Set(names)) {
      if (DEBUG_SECTIONS.test(name)) this.#add("debug-info", where, `has the section ${quote(name)}`);
      else if (!KNOWN_SECTIONS.test(name))
        this.#add("unknown-section", where, `has the section ${quote(name)}`);
    }
  }

  #module(i: number, outline: ModuleOutline, start: number, end: number): void {
    const { name } = outline.custom;
    const where = `core module ${i}${name === undefined ? "" : ` (${quote(name, 60)})`}`;
    this.#sections(where, outline.custom);
    if (outline.hasStart) this.#add("start-section", where, "has a start section");
    for (const [table, { max, elements }] of outline.tables.entries()) {
      if (max === undefined)
        this.#add("growable-table", where, `table ${table} of ${elements} has no maximum`);
    }
    for (const [memory, { max }] of outline.memories.entries()) {
      if (max === undefined) this.#add("unlimited-memory", where, `memory ${memory} has no maximum`);
    }
    const scan = this.#readable(where, () =>
      scanModule(new BinaryReader(this.#bytes, this.#file, start, end)),
    );
    if (scan) this.#contents(where, scan);
    this.#paths(where, start, end);
    const module = this.#bytes.subarray(start, end);
    if (scan) this.#readable(where, () => instrument(module, this.#file, EVERYTHING), start);
  }

  /** What `read` gives; if it refuses, that is a finding. `start` is where its offsets count from. */
  #readable<T>(where: string, read: () => T, start = 0): T | undefined {
    try {
      return read();
    } catch (error) {
      if (HostError.is(error, "BINARY_UNSUPPORTED")) {
        this.#add("refused-feature", where, `uses ${error.details.feature}`, start + error.details.offset);
      } else if (HostError.is(error, "BINARY_MALFORMED")) {
        this.#add("malformed", where, quote(error.details.reason), start + error.details.offset);
      } else if (HostError.is(error, "BINARY_OVER_LIMIT")) {
        this.#add("refused-feature", where, `wants ${error.details.wanted} ${error.details.what}`);
      } else throw error;
      return undefined;
    }
  }

  #contents(where: string, { functions, unusedImports, data }: ModuleScan): void {
    for (const [i, { offset, sizeBytes }] of functions.entries()) {
      if (sizeBytes < LARGE_FUNCTION_BYTES) continue;
      this.#add("large-function", where, `function ${i} of its own has ${sizeBytes} bytes`, offset);
    }
    for (const { module, name } of unusedImports) {
      this.#add("unused-import", where, `never uses ${quote(`${module}.${name}`)}`);
    }
    for (const { offset, bytes } of data) {
      for (const { start, sizeBytes } of randomStretches(bytes)) {
        this.#add("high-entropy-data", where, `${sizeBytes} bytes of data look random`, offset + start);
      }
    }
  }

  #paths(where: string, start: number, end: number): void {
    for (const { path, offset } of pathsIn(this.#bytes.subarray(start, end))) {
      this.#add("embedded-path", where, `holds the path ${quote(path, 120)}`, start + offset);
    }
  }
}

const EVERYTHING = { maxMemoryPages: MAX_PAGES, maxTableElements: 10_000_000, fuel: "sliced" } as const;
