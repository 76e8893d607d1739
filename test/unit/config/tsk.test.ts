import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateTsk } from "./evaluate-tsk.ts";
import { reportOf } from "./problems-of.ts";

test("the example of the language reads as it says", async () => {
  const text = `
# comment        // comment        /* block */
x: 1;
$app: "MyApp"                        # global
$env = "production"
name = $app + " API"                 # + joins
ports: 8000-9000                     // range
[server]
host: "0.0.0.0"
port: @env("PORT", 8080)             /* block */
workers: $env == "production" ? 4 : 1
pool {
  max: 10
}
cache>
  ttl: "5m"
<
list: ["a", "b", 1, true, null]
sql: """multi
line"""
on: @if($env != "production", true, false)
[server.tls]
cert = "\${app}.pem"
`;
  assert.deepEqual(await evaluateTsk(text), {
    x: 1,
    name: "MyApp API",
    ports: { min: 8000, max: 9000, type: "range" },
    server: {
      host: "0.0.0.0",
      port: 8080,
      workers: 4,
      pool: { max: 10 },
      cache: { ttl: "5m" },
      list: ["a", "b", 1, true, null],
      sql: "multi\nline",
      on: false,
      tls: { cert: "MyApp.pem" },
    },
  });
});

test("the three groupings nest in each other", async () => {
  const text = `[a]
  b { c>
    d: { e: 1, "f g": 2; h: 3 }
    i {}
  <
  }`;
  assert.deepEqual(await evaluateTsk(text), { a: { b: { c: { d: { e: 1, "f g": 2, h: 3 }, i: {} } } } });
});

test("a section goes on where it was left, and nests from the root", async () => {
  const text = "[a]\nb: 1\n[c]\nd: 2\n[a.e]\nf: 3\n[a]\ng: 4";
  assert.deepEqual(await evaluateTsk(text), { a: { b: 1, e: { f: 3 }, g: 4 }, c: { d: 2 } });
});

test("a section cannot have the name of a value, nor be nested without end", async () => {
  const deep = `[${"a.".repeat(64)}a]`;
  assert.deepEqual(await reportOf(evaluateTsk(`a: 1\n[a.b]\nc: 2\n["d e"]\nf: 3\n${deep}`)), [
    "2:1 a: Is no section: its name is forbidden, or a value has it.",
    "6:1 This is nested deeper than 64 levels.",
  ]);
  assert.deepEqual(await evaluateTsk('["d e"]\nf: 3'), { "d e": { f: 3 } });
});

test("items are parted by commas, by new lines, or by both", async () => {
  assert.deepEqual(await evaluateTsk('a: [1, 2\n 3\n\n "x",\n [4 # four\n 5], ]'), {
    a: [1, 2, 3, "x", [4, 5]],
  });
});

test("values have the types of the documentation", async () => {
  const text = `int: 42
negative: -123
float: 3.25
small: 1.5e-05
hex: 0xff
bin: 0b101
oct: 0o17
yes: yes
no: no
on: on
off: off
none: none
single: 'C:\\new \${x} @env("X")'
escapes: "a\\tb\\u0041\\u{1F600}\\\\ \\"q\\""
empty: ""`;
  assert.deepEqual(await evaluateTsk(text), {
    int: 42,
    negative: -123,
    float: 3.25,
    small: 0.000015,
    hex: 255,
    bin: 5,
    oct: 15,
    yes: true,
    no: false,
    on: true,
    off: false,
    none: null,
    single: 'C:\\new ${x} @env("X")',
    escapes: 'a\tbA😀\\ "q"',
    empty: "",
  });
});

test("a text over several lines starts with the line behind its quotes and may hold values", async () => {
  const text = 'a: 1\nb: """\n  one ${a}\n  "two" # no comment\n"""';
  assert.deepEqual(await evaluateTsk(text), { a: 1, b: '  one 1\n  "two" # no comment\n' });
});

test("a name stands for what was written above it, the nearest first", async () => {
  const text = `
host: "outer"
[server]
host: "inner"
url: "http://" + host
pool {
  host: "innermost"
  url: host
}
again: host
[other]
url: host
there: server.pool.host
joined: "\${server.host}:\${server.pool.host}"`;
  const { server, other } = await evaluateTsk(text);
  assert.deepEqual(server, {
    host: "inner",
    url: "http://inner",
    pool: { host: "innermost", url: "innermost" },
    again: "inner",
  });
  assert.deepEqual(other, { url: "outer", there: "innermost", joined: "inner:innermost" });
});

test("in a string a global goes before a setting of the same name, and a backslash keeps its meaning away", async () => {
  const text = '$a: "global"\na: "setting"\nb: "${a} ${$a}"\nc: a\nd: "\\${a} \\@env(\'X\')"';
  const value = await evaluateTsk(text);
  assert.deepEqual(value, { a: "setting", b: "global global", c: "setting", d: "${a} @env('X')" });
});

test("operators of arithmetic and logic bind as they do elsewhere", async () => {
  const text = `a: 1 + 2 * 3 - 4 / 2
b: (1 + 2) * 3 % 5
c: !false && 1 < 2 || false
d: "a" + 1 + 2
e: 1 + 2 + "a"
f: 2 >= 2 && "a" < "b"
g: false ? 1 : true ? 2 : 3
h: true ?
  "yes" :
  "no"
i: "a"
  + "b"
j: null == none
k: -(3) - -1`;
  const value = await evaluateTsk(text);
  assert.deepEqual(value, {
    a: 5,
    b: 4,
    c: true,
    d: "a12",
    e: "3a",
    f: true,
    g: 2,
    h: "yes",
    i: "ab",
    j: true,
    k: -2,
  });
});

test("what a condition decides against is not worked out", async () => {
  const text = `a: true ? 1 : @env.required("NONE")
b: @if(false, @env.required("NONE"), 2)
c: true || @env.required("NONE") == ""
d: false && @env.required("NONE") == ""`;
  assert.deepEqual(await evaluateTsk(text), { a: 1, b: 2, c: true, d: false });
});

test("one reference copies: what is added to a section is not added to what it came from", async () => {
  const text = "a { b: 1 }\nc: a\n[c]\nd: 2";
  assert.deepEqual(await evaluateTsk(text), { a: { b: 1 }, c: { b: 1, d: 2 } });
});

test("every mistake is found at once, each with its place", async () => {
  const text = `a: 
b 5
[server
port: 80
c: "open
d: [1, 2
   3 4]
e: 1.2.3
f: 2026-11-22
g: 007
h: 9-1
i: 99999999999999999999
j: "\\q"
k { l: 1
  m: ~
  n: 2 }
o.p: 1
q: php(1)
r: 1 s: 2
`;
  assert.deepEqual(await reportOf(evaluateTsk(text)), [
    '1:2 The value is missing. If it is what stands below, write "name { … }".',
    '2:3 Between "b" and its value a : or = is missing.',
    "3:8 The end of the line is not expected here: ] is.",
    '5:4 This string is not closed: " is missing.',
    '7:6 "4" is not expected here: ] is.',
    '8:4 "1.2.3" is no number. If it is a text, put it in quotes.',
    '9:4 "2026-11-22" is no number. If it is a text, put it in quotes.',
    '10:4 "007" is no number. If it is a text, put it in quotes.',
    "11:4 A range goes upwards. Write 1-9.",
    "12:4 This number is too large to be kept exactly. Put it in quotes.",
    "13:5 There is no such escape. Write \\\\ for a backslash, or put the text in '…'.",
    '15:6 "~" means nothing here. If it is a text, put it in quotes.',
    "17:1 A name has no dots. Put a section above it, or put the name in quotes.",
    "18:4 Settings run no code. If this is an operator, put an @ before it.",
    '19:6 "s" is too much here: put it on a line of its own, or a text in quotes.',
  ]);
});

test("what is not closed is shown where it was opened", async () => {
  assert.deepEqual(await reportOf(evaluateTsk("a {\n b: 1\n")), ['1:3 "{" is not closed: } is missing.']);
  assert.deepEqual(await reportOf(evaluateTsk("a >\n b: 1\n")), ['1:3 ">" is not closed: < is missing.']);
  assert.deepEqual(await reportOf(evaluateTsk("a: [1,\n")), ['1:4 "[" is not closed: ] is missing.']);
  assert.deepEqual(await reportOf(evaluateTsk('a: """x\n')), [
    '1:4 This string is not closed: """ is missing.',
  ]);
  assert.deepEqual(await reportOf(evaluateTsk("a: 1 /* x\n")), [
    "1:6 This comment is not closed: */ is missing.",
  ]);
});

test("a value that cannot be worked out is shown where it stands, and not again where it is used", async () => {
  const text = `a: $nam
$name: 1
b: name
c: "x" - 1
d: c
e: "x" ? 1 : 2
f: [1, nope, nope2]
g: "\${f}"
object: { x: 1 }
h: object.y
i: "\${object}"
a: 2
j: 1 / 0
k: object == 1`;
  assert.deepEqual(await reportOf(evaluateTsk(text)), [
    '1:4 a: "$nam" is not set above.',
    '3:4 b: "name" is not set above. If it is a text, put it in quotes.',
    "4:8 c: The sides of - are numbers, and this is a text.",
    '6:4 e: A condition is true or false, and this is a text. Compare it with something: … == "on".',
    '7:8 f[1]: "nope" is not set above. If it is a text, put it in quotes.',
    '7:14 f[2]: "nope2" is not set above. If it is a text, put it in quotes.',
    '10:4 h: "object.y" is not set: there is no "y".',
    "11:7 i: This is an object, and no text can be made of it.",
    '12:1 a: "a" is set already: a name is given once.',
    "13:6 j: This comes to no number.",
    "14:11 k: This is an object, and only single values can be compared.",
  ]);
});

test("a misspelt name is offered as it is", async () => {
  const text = "$application: 1\nserver_port: 80\na: $aplication\nb: server_prot";
  assert.deepEqual(await reportOf(evaluateTsk(text)), [
    '3:4 a: "$aplication" is not set above. Did you mean "$application"?',
    '4:4 b: "server_prot" is not set above. Did you mean "server_port"? If it is a text, put it in quotes.',
  ]);
});

test("no name changes what all objects have in common", async () => {
  const reports = await reportOf(evaluateTsk('__proto__: { a: 1 }\n[__proto__]\nb: 1\n[c]\n"__proto__": 2'));
  assert.equal(reports.length, 3);
  assert.equal(({} as { a?: number }).a, undefined);
  assert.deepEqual(await evaluateTsk("constructor: 1\ntoString: constructor"), {
    constructor: 1,
    toString: 1,
  });
});

/** Lines each of which is made of the one before it. */
function growing(first: string, next: string): string {
  const lines = Array.from({ length: 70 }, (_, i) => `$x${i + 1}: ${next.replaceAll("#", `$x${i}`)}`);
  return [`$x0: ${first}`, ...lines].join("\n");
}

test("a few lines cannot grow without bound", async () => {
  for (const text of [growing('"0123456789"', "# + #"), growing("[1]", "[#, #]")]) {
    const [report = ""] = await reportOf(evaluateTsk(text));
    assert.match(report, /grow too large/);
  }
  const [report = ""] = await reportOf(evaluateTsk(growing("1", "[#]")));
  assert.match(report, /nested deeper than 64/);
});
