import assert from "node:assert/strict";
import { test } from "node:test";
import { compactJson, parseJson, prettyJson } from "../../../host/marshal/json-text.ts";

test("integers of 64 bits keep every digit, in and out", () => {
  const text = '{"big":18446744073709551615,"small":-9223372036854775808,"plain":7,"float":1e300}';
  const value = parseJson(text) as Record<string, unknown>;
  assert.deepEqual(value, { big: 2n ** 64n - 1n, small: -(2n ** 63n), plain: 7, float: 1e300 });
  assert.equal(
    compactJson({ big: value["big"], small: value["small"] }),
    text.slice(0, text.indexOf(',"plain')) + "}",
  );
});

test("bytes are a text if they are one", () => {
  assert.equal(compactJson({ body: Buffer.from("grüße") }), '{"body":"grüße"}');
  assert.equal(compactJson([new Uint8Array([0xff, 0xfe])]), '[{"base64":"//4="}]');
  assert.equal(compactJson(Buffer.from("x")), '"x"');
});

test("no answer is null", () => {
  assert.equal(prettyJson(undefined), "null");
});
