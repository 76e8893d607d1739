/** The names of what static inspection looks for. What each means: `host/security/inspection/rules.ts`. */
export const FINDING_RULES = [
  "refused-feature",
  "malformed",
  "start-section",
  "growable-table",
  "unlimited-memory",
  "large-function",
  "high-entropy-data",
  "embedded-path",
  "unknown-section",
  "debug-info",
  "no-producers",
  "unused-import",
  "foreign-export",
] as const;

export type FindingRule = (typeof FINDING_RULES)[number];
