import assert from "node:assert/strict";
import { test } from "node:test";
import { LogCleaner } from "../../../../host/services/logger/log-cleaner.ts";

const limits = { maxMessageLength: 20, maxFieldsLength: 60 };
const plain = new LogCleaner(limits, new Set());

test("a message cannot end its line, move the cursor, or turn the direction of text", () => {
  assert.equal(plain.message("a\nb\r\tc"), "a\\nb\\r\\tc");
  assert.equal(plain.message("\u001b[2J\u0000\u007f\u009b"), "\\u001b[2J\\u0000\\u007f\\u009b");
  assert.equal(plain.message("\u2028\u202e\u2066\u200f"), "\\u2028\\u202e\\u2066\\u200f");
  assert.equal(plain.message("\ud800 é 😀"), "\ufffd é 😀");
});

test("a long message is cut and tells by how much", () => {
  assert.equal(plain.message("x".repeat(20)), "x".repeat(20));
  assert.equal(plain.message("x".repeat(25)), `${"x".repeat(20)}… (5 more characters)`);
});

test("secrets are taken out of messages, keys and values", () => {
  const cleaner = new LogCleaner(limits, new Set(["hunter2", "a.b*", "", "hunter2-long"]));
  assert.equal(cleaner.message("hunter2 a.b* axb"), "[secret] [secret] axb");
  assert.equal(cleaner.message("<hunter2-long>"), "<[secret]>");
  assert.deepEqual(cleaner.fields({ hunter2: [{ deep: "is hunter2" }] }), {
    "[secret]": [{ deep: "is [secret]" }],
  });
});

test("a secret that stands across the cut does not stay half", () => {
  const cleaner = new LogCleaner(limits, new Set(["correct horse battery"]));
  const cut = cleaner.message("password: correct horse battery");
  assert.equal(cut, "password: … (11 more characters)");
});

test("a secret with a line break is found before the break is escaped", () => {
  const cleaner = new LogCleaner(limits, new Set(["BEGIN\nKEY"]));
  assert.equal(cleaner.message("BEGIN\nKEY\n"), "[secret]\\n");
});

test("fields keep their values, with texts made fit to print", () => {
  const bytes = new Uint8Array([1]);
  const fields = plain.fields({ n: 2n ** 60n, t: "a\nb", "k\n": null, list: [true, 1.5, bytes] });
  assert.deepEqual(fields, { n: 2n ** 60n, t: "a\\nb", "k\\n": null, list: [true, 1.5, bytes] });
  assert.deepEqual(plain.fields("text"), { value: "text" });
  assert.deepEqual(plain.fields([1]), { value: [1] });
  const proto = plain.fields(JSON.parse('{"__proto__":{"x":1}}') as { x: number });
  assert.deepEqual(Object.keys(proto), ["__proto__"]);
});

test("fields over their limit are left out, and the line says so", () => {
  const leftOut = { left_out: "fields of more than 60 characters" };
  assert.deepEqual(plain.fields({ text: "x".repeat(61) }), leftOut);
  assert.deepEqual(plain.fields({ many: Array.from({ length: 20 }, () => 1) }), leftOut);
  assert.deepEqual(plain.fields({ bytes: new Uint8Array(61) }), leftOut);
});
