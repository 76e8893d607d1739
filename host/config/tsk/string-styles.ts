import type { StringStyle } from "../string-reader.ts";

const double = {
  escape: /\\(?:u(?<hex>[\da-fA-F]{4})|u\{0*(?<hex>[\da-fA-F]{1,6})\}|(?<name>[nrtbf0"'\\/])|(?=[$@]))/y,
  meanings: { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "0": "\0" },
  unknown: String.raw`There is no such escape. Write \\ for a backslash, or put the text in '…'.`,
};

/** The strings of `.tsk` by their opening quote. `"…"` and `"""…"""` may hold values, `'…'` is as it stands. */
export const TSK_STRINGS = {
  '"""': { ...double, closer: '"""', isLong: true },
  '"': { ...double, closer: '"', isLong: false },
  "'": { closer: "'", isLong: false, escape: /\\(?<name>['\\])/y, meanings: {}, unknown: undefined },
} as const satisfies Record<string, StringStyle>;
