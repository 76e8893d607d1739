/** What a plugin is tried with that nobody wrote settings for: as the original's test context has it. */
export const TEST_DEFAULTS = {
  config: { test_mode: true, database: { url: "sqlite::memory:" } },
  permissions: { cache: true, database: ["main"] },
  // Whoever tries a plugin has just built it.
  trust: "off",
} as const;

/** The databases of a trial. */
export const TEST_DATABASES = { main: "sqlite::memory:" } as const;
