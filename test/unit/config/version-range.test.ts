import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDependencyVersion, parseVersionRange } from "../../../host/config/version-range.ts";

const CASES: readonly (readonly [range: string, within: string, without: string])[] = [
  ["^1", "1.0.0 1.9.9", "0.9.9 2.0.0 2.0.0-rc.1"],
  ["^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0"],
  ["^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0"],
  ["^0.0.3", "0.0.3", "0.0.4 0.0.2"],
  ["^0.0", "0.0.0 0.0.9", "0.1.0"],
  ["^0", "0.0.0 0.9.9", "1.0.0"],
  ["~1.2", "1.2.0 1.2.9", "1.1.9 1.3.0"],
  ["~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0"],
  ["~1", "1.0.0 1.9.9", "2.0.0"],
  ["1.x", "1.0.0 1.9.9", "2.0.0 0.9.0"],
  ["1.2", "1.2.0 1.2.9", "1.3.0"],
  ["1.2.3", "1.2.3 v1.2.3 1.2.3+build", "1.2.4 1.2.3-rc"],
  ["*", "0.0.0 9.9.9", "1.0.0-rc"],
  [">=1.0.0 <2", "1.0.0 1.9.9", "0.9.9 2.0.0"],
  [">1.2", "1.3.0 2.0.0", "1.2.9"],
  ["> 1.2.3", "1.2.4", "1.2.3"],
  ["<=1.2", "1.2.9 0.0.1", "1.3.0"],
  ["<=1.2.3", "1.2.3", "1.2.4"],
  ["<1.2", "1.1.9", "1.2.0"],
  ["=1.2.3", "1.2.3", "1.2.4"],
  ["1 || 3", "1.5.0 3.0.0", "2.0.0"],
  ["<*", "", "0.0.0 1.0.0"],
  [">=1.0.0-beta.2", "1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc 1.0.0", "1.0.0-beta 1.0.0-alpha.9 1.0.1-beta"],
  [">=1.0.0-2", "1.0.0-10 1.0.0-a", "1.0.0-1"],
  ["^1.2.3-beta.2", "1.2.3-beta.4 1.2.3 1.9.0", "1.2.4-beta.2 1.2.3-beta.1"],
];

for (const [range, within, without] of CASES) {
  test(`the range ${range} holds what npm says that it holds`, () => {
    for (const version of within.split(" ").filter((text) => text !== "")) {
      assert.ok(checkDependencyVersion(range, version), `${version} is within`);
    }
    for (const version of without.split(" "))
      assert.ok(!checkDependencyVersion(range, version), `${version} is not`);
  });
}

test("what is no range is none, and holds nothing", () => {
  for (const text of ["", "1.x.3", "one", "1.2.3.4", "^", ">=", "1 |", "01.2.3", "1.2-rc", "1.2.3-", "=>1"]) {
    assert.equal(parseVersionRange(text), undefined, text);
    assert.ok(!checkDependencyVersion(text, "1.2.3"));
  }
  for (const version of ["", "1", "1.2", "1.2.3.4", "1.02.3", "x"])
    assert.ok(!checkDependencyVersion("*", version));
});
