import type { FindingRule } from "../../config/finding-rules.ts";

/** "error": this host does not run it. "warning": worth a look. "note": worth knowing. */
export type Severity = "error" | "warning" | "note";

/** What static inspection looks for, how much it matters, and what it means. */
export const RULES: Readonly<Record<FindingRule, { readonly severity: Severity; readonly meaning: string }>> =
  {
    "refused-feature": {
      severity: "error",
      meaning: "Uses a feature of WebAssembly that cannot be held to limits here, so it is not run.",
    },
    malformed: { severity: "error", meaning: "Is damaged, or a core module in it is." },
    "start-section": {
      severity: "note",
      meaning:
        "Code of its own runs as soon as it is instantiated, before it is asked anything (within its limits).",
    },
    "growable-table": {
      severity: "note",
      meaning: "A table may grow without a limit of its own: that of the settings holds.",
    },
    "unlimited-memory": {
      severity: "note",
      meaning: "A memory may grow without a limit of its own: that of the settings holds.",
    },
    "large-function": {
      severity: "warning",
      meaning: "A function is so large that compilers take long over it, as generated or obfuscated code is.",
    },
    "high-entropy-data": {
      severity: "warning",
      meaning: "Data looks random, as what is compressed or encrypted does: what it is cannot be seen.",
    },
    "embedded-path": {
      severity: "note",
      meaning: "Holds paths of the machine that it was built on, which tell about whoever built it.",
    },
    "unknown-section": {
      severity: "note",
      meaning: "A custom section that no known tool writes: it is not run, and may hold anything.",
    },
    "debug-info": { severity: "note", meaning: "Carries debugging information, which takes room." },
    "no-producers": { severity: "note", meaning: "Does not say what built it." },
    "unused-import": {
      severity: "note",
      meaning: "Imports a function that it never calls: it asks for more than it needs.",
    },
    "foreign-export": {
      severity: "warning",
      meaning: "Exports what is no part of the contract: nobody here calls it.",
    },
  };
