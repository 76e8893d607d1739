/** How names of a source stand in JSON. */
export const NAMINGS = ["as written", "snake_case", "kebab-case"] as const;

export type Naming = (typeof NAMINGS)[number];

/** `firstDelayMs` as `first_delay_ms`, or as `first-delay-ms`. */
export function named(name: string, naming: Naming): string {
  if (naming === "as written") return name;
  const joint = naming === "snake_case" ? "_" : "-";
  return name
    .replace(/([a-z0-9])([A-Z])/g, `$1${joint}$2`)
    .replace(/([A-Z])([A-Z][a-z])/g, `$1${joint}$2`)
    .replaceAll("_", joint)
    .toLowerCase();
}
