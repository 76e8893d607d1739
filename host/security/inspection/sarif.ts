import { pathToFileURL } from "node:url";
import { RULES } from "./rules.ts";
import type { Finding } from "./scan-binary.ts";

/** The findings of one file. */
export interface ScannedFile {
  readonly file: string;
  readonly findings: readonly Finding[];
}

/**
 * Findings in the form that code hosts and editors read.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(files: readonly ScannedFile[], version: string): object {
  const rules = Object.entries(RULES).map(([id, { severity, meaning }]) => ({
    id,
    shortDescription: { text: meaning },
    defaultConfiguration: { level: severity },
  }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "tusk-host", version, rules } },
        results: files.flatMap(({ file, findings }) => findings.map((finding) => resultOf(file, finding))),
      },
    ],
  };
}

function resultOf(file: string, { rule, severity, where, offset, message }: Finding): object {
  return {
    ruleId: rule,
    level: severity,
    message: { text: `${where} ${message}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: pathToFileURL(file).href },
          ...(offset === undefined ? {} : { region: { byteOffset: offset, byteLength: 1 } }),
        },
        logicalLocations: [{ fullyQualifiedName: where }],
      },
    ],
  };
}
