import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "../../../host/cli/plain.ts";

test("a text that others chose does nothing to a terminal", () => {
  assert.equal(plain("grüße 1.0.0-β/€"), "grüße 1.0.0-β/€");
  for (const text of ["a\u001b[31m", "a\nb", "\u009b2J", "\u202eevil", "x".repeat(201)]) {
    assert.match(plain(text), /^"[ -~…]*"$/);
  }
});
