import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HostError } from "../../../host/core/error.ts";
import type { JsonObject } from "../../../host/config/json-value.ts";
import { parseSettingsText } from "../../../host/config/parse-settings.ts";
import { evaluateTsk } from "./evaluate-tsk.ts";

/** What the language is made of, and what is near it. */
const PIECES =
  `a b $a $b : = { } [ ] ( ) < > ; , ? + - * / % && || == != ! " ' """ \\ \${ @env( @if( @file.read( @x.tsk.get('a')
 @ # // /* */ 1 8000-9000 0x 1.5 true null \\u {1} é 😀 \u0000 plugins config a.b __proto__`.split(/\s+/);

const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES, " ", "\n", "\t"), { maxLength: 60 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
);

for (const format of ["tsk", "json"] as const) {
  test(`no text crashes the reader of ${format}: it is settings, or SETTINGS_INVALID with places in it`, async () => {
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        try {
          await parseSettingsText(written, format, { env: { a: "1" } });
        } catch (error) {
          assert.ok(HostError.is(error, "SETTINGS_INVALID"), String(error));
          const lines = written.split("\n");
          for (const { line, column } of error.details.problems) {
            if (line === undefined || column === undefined) continue;
            assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });
}

const name = fc
  .stringMatching(/^[a-z_][\w-]{0,5}$/)
  .filter((word) => !/^(?:true|false|yes|no|on|off|null|none|.*fujsen)$/.test(word));
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(true, false, null),
    fc.integer(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number) => (Number.isInteger(number) ? 0.5 : number)),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

/** Writes a value as `.tsk`, with one of its groupings by turns. */
function write(written: unknown, depth: number): string {
  if (typeof written === "string") return JSON.stringify(written).replace(/[$@]/g, "\\$&");
  if (typeof written !== "object" || written === null) return String(written);
  if (Array.isArray(written))
    return `[${written.map((item) => write(item, depth + 1)).join(depth % 2 === 0 ? ", " : "\n")}]`;
  return `{ ${writeEntries(written, depth, depth % 2 === 0 ? ", " : "; ")} }`;
}

function writeEntries(object: object, depth: number, separator: string): string {
  return Object.entries(object)
    .map(([key, member]: [string, unknown]) => {
      const isGroup = typeof member === "object" && member !== null && !Array.isArray(member);
      if (isGroup && depth % 3 === 1) return `${key} >\n${writeEntries(member, depth + 1, "\n")}\n<`;
      if (isGroup && depth % 3 === 2) return `${key} {\n${writeEntries(member, depth + 1, "\n")}\n}`;
      return `${key}${depth % 2 === 0 ? ": " : " = "}${write(member, depth + 1)}`;
    })
    .join(separator);
}

test("whatever JSON can say comes back from .tsk as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, value, { noNullPrototype: true }), async (object) => {
      const expected = JSON.parse(JSON.stringify(object)) as JsonObject;
      assert.deepEqual(await evaluateTsk(writeEntries(object, 0, "\n")), expected);
    }),
    { numRuns: 500 },
  );
});

test("whatever JSON can say comes back from JSON as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, value, { noNullPrototype: true }), async (config) => {
      const written = JSON.stringify({ a: { config } });
      const { plugins } = await parseSettingsText(written.replaceAll("@", "\\u0040"), "json");
      assert.deepEqual(plugins["a"]?.config, JSON.parse(JSON.stringify(config)));
    }),
    { numRuns: 500 },
  );
});

async function timeToRead(written: string): Promise<number> {
  // The time of this thread: others may be at work on the machine.
  const before = process.threadCpuUsage();
  await evaluateTsk(written).catch(() => {});
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

const REPEATED = {
  "entries with a problem each": (count: number) =>
    Array.from({ length: count }, (_, i) => `key${i}: nope${i}`).join("\n"),
  "brackets that are opened": (count: number) => `a: ${"[".repeat(count * 8)}`,
  "groups that are opened": (count: number) => "a{".repeat(count * 4),
  "groups that are closed": (count: number) => "}".repeat(count * 4),
  "strings that are opened": (count: number) => 'a: "\n'.repeat(count * 2),
  "operators in a string": (count: number) => `a: "${"\\n@env('X', 'y')".repeat(count)}"`,
  "values in values of strings": (count: number) => `a: ${'"${'.repeat(count * 3)}`,
  "comments that are opened": (count: number) => "/*".repeat(count * 4),
  "one long sum": (count: number) => `a: 1${" + 1".repeat(count * 2)}`,
  "one long choice": (count: number) => `a: ${"false ? 1 : ".repeat(count)}2`,
  "names with dots": (count: number) => `[${"a.".repeat(count * 4)}a]`,
  "values made of values": (count: number) =>
    ["$v0: [1, 2, 3]", ...Array.from({ length: count }, (_, i) => `$v${i + 1}: [$v${i}, $v${i}]`)].join("\n"),
};

for (const [what, repeat] of Object.entries(REPEATED)) {
  test(`eight times the text takes no more than about eight times as long: ${what}`, async () => {
    await timeToRead(repeat(250));
    const [short, long] = [await timeToRead(repeat(250)), await timeToRead(repeat(2000))];
    // Square time would be 64 times as long; what is very short says nothing.
    assert.ok(long < Math.max(30 * short, 300), `${short.toFixed(1)} ms, then ${long.toFixed(1)} ms`);
  });
}
