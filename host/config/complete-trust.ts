import type { Report } from "./report.ts";
import type { TrustedKey, TrustSettings } from "./settings.ts";
import type { WrittenHostSettings } from "./settings-schema.ts";

type Written = NonNullable<WrittenHostSettings["trust"]>;

/** What holds where settings say nothing of trust. */
export const DEFAULT_TRUST: TrustSettings = {
  default: undefined,
  keys: {},
  lock: undefined,
  record: undefined,
  revoked: { keys: [], builds: [], file: undefined },
};

/** Puts in what was not written. What contradicts itself is reported. */
export function completeTrust(
  { default: byDefault, keys = {}, lock, record, revoked = {} }: Written = {},
  toAbsolute: (path: string) => string,
  report: Report,
): TrustSettings {
  const complete = Object.entries(keys).map(([name, { key, file, plugins }]): [string, TrustedKey] => {
    if ((key === undefined) === (file === undefined)) {
      report.problem(["trust", "keys", name], 'Should have either "key" or "file".');
    }
    return [name, { key, file: file === undefined ? undefined : toAbsolute(file), plugins }];
  });
  return {
    default: byDefault,
    keys: Object.fromEntries(complete),
    lock: lock === undefined ? undefined : toAbsolute(lock),
    record: record === undefined ? undefined : toAbsolute(record),
    revoked: {
      keys: revoked.keys ?? [],
      builds: (revoked.builds ?? []).map((hash) => hash.toLowerCase()),
      file: revoked.file === undefined ? undefined : toAbsolute(revoked.file),
    },
  };
}
