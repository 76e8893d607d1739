import { decodeUtf8, encodeUtf8 } from "tusk-plugin-as/utf8";
import { expect, unhex } from "./expect";

export function what_is_no_utf8_is_replaced_where_it_stands(): void {
  expect(decodeUtf8(unhex("61ff62c3")), "a\ufffdb\ufffd");
  expect(decodeUtf8(unhex("f09fa6a3")), "🦣");
  expect(decodeUtf8(unhex("eda080")), "\ufffd\ufffd\ufffd");
  expect(decodeUtf8(unhex("6162636465666768c2a9")), "abcdefgh©");
  expect(decodeUtf8(unhex("")), "");
}

export function lone_surrogates_are_replaced(): void {
  expect(decodeUtf8(Uint8Array.wrap(encodeUtf8("a\uD800b\uDC00"))), "a\ufffdb\ufffd");
}
