import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/core/error.ts";
import { parseSettingsText } from "../../../host/config/parse-settings.ts";
import { evaluateTsk } from "./evaluate-tsk.ts";
import { problemsOf } from "./problems-of.ts";

const REFUSED = [
  [
    '@cache.tsk.set("ttl", "5m")',
    '"@cache.tsk.set" is refused. Settings are read and change nothing: it would write.',
  ],
  [
    '@file.write("a", "b")',
    '"@file.write" is refused. Settings are read and change nothing: it would write.',
  ],
  ['@env.set("A", "b")', '"@env.set" is refused. Settings are read and change nothing: it would write.'],
  ['@learn("rate", 1)', '"@learn" is refused. Settings are what is written in them: it would learn them.'],
  [
    '@optimize("pool", 1)',
    '"@optimize" is refused. Settings are what is written in them: it would learn them.',
  ],
  ['@php("1")', '"@php" is refused. Settings run no code: it would.'],
  ['@shell("ls")', '"@shell" is refused. Settings run no code: it would.'],
  [
    '@conf.pnt.get("a")',
    '"@conf.pnt.get" is refused. Compiled .pnt files are not read. Use the .tsk file that it was made of.',
  ],
] as const;

for (const [operator, reason] of REFUSED) {
  test(`${operator} is refused with its line and a caret, also where it would never be worked out`, async () => {
    const [problem] = await problemsOf(evaluateTsk(`a: 1\nb: false ? ${operator} : 2`));
    assert.deepEqual(problem, {
      path: "",
      message: reason,
      file: "test.tsk",
      line: 2,
      column: 12,
      excerpt: `2 | b: false ? ${operator} : 2\n  |            ^`,
    });
  });
}

test("a refused operator in a JSON string is shown in the string", async () => {
  const text = `{ "api": {\n  "config": { "rate": "\\tup to @learn('rate', 1)" }\n} }`;
  const [problem] = await problemsOf(parseSettingsText(text, "json", {}, "settings.json"));
  const [line = "", caret = ""] = problem?.excerpt?.split("\n") ?? [];
  assert.equal(problem?.line, 2);
  assert.equal(line, `2 |   "config": { "rate": "\\tup to @learn('rate', 1)" }`);
  assert.equal(caret.indexOf("^"), line.indexOf("@"));
});

test("code is refused: serialised functions, and directives with a block", async () => {
  const [fujsen] = await problemsOf(evaluateTsk('add_fujsen = """\nfunction add(a, b) {}\n"""'));
  assert.equal(fujsen?.message, "Settings run no code: a fujsen has no place here.");
  const [directive] = await problemsOf(evaluateTsk("#api /users {\n  return: 1\n}"));
  assert.equal(directive?.message, "Settings run no code: a directive with a block has no place here.");
  assert.deepEqual(await evaluateTsk("# Curly brace object syntax {\n#api\na: 1"), { a: 1 });
});

test("an operator that there is not is refused, and the nearest is offered", async () => {
  const [problem] = await problemsOf(evaluateTsk("a: @env.requird('X')"));
  assert.match(
    problem?.message ?? "",
    /^There is no operator "@env.requird". Did you mean "@env.required"\?/,
  );
});

test("what is shown of a line is one line without control characters, cut around the caret", async () => {
  const text = `a: "\u001b[31m${"x".repeat(300)}" @ ${"y".repeat(300)}`;
  const error: unknown = await evaluateTsk(text).catch((reason: unknown) => reason);
  assert.ok(HostError.is(error, "SETTINGS_INVALID"));
  const [line = "", caret = ""] = error.details.problems[0]?.excerpt?.split("\n") ?? [];
  assert.match(line, /^1 \| …x+" @ y+…$/);
  assert.equal(line[caret.indexOf("^")], "@");
  assert.ok(!error.message.includes("\u001b"));
});
