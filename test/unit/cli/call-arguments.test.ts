import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCallArguments, verifyCallNames } from "../../../host/cli/call-arguments.ts";

function query(...texts: string[]): unknown[] {
  return parseCallArguments("database-plugin", "execute-query", texts);
}

test("arguments are given one by one or as one array", () => {
  assert.deepEqual(query('"SELECT ?1"', "[1]"), ["SELECT ?1", [1]]);
  assert.deepEqual(query('["SELECT ?1", [18446744073709551615]]'), ["SELECT ?1", [2n ** 64n - 1n]]);
  assert.deepEqual(parseCallArguments("http-plugin", "handle-request", ['{"method":"GET"}']), [
    { method: "GET" },
  ]);
  assert.deepEqual(parseCallArguments("http-plugin", "register-routes", []), []);
});

test("an argument that is no JSON is told how to be", () => {
  assert.throws(() => parseCallArguments("database-plugin", "execute-query", ["SELECT 1", "[]"]), {
    code: "USAGE_INVALID",
    message: /Argument 1 is no JSON: .* A text is written in quotes: '"SELECT 1"'\./,
  });
});

test("a wrong number of arguments is told with their names", () => {
  assert.throws(() => parseCallArguments("auth-plugin", "authorize", ["{}"]), {
    code: "USAGE_INVALID",
    message: /authorize takes 3 \(user, resource, action\), and 1 are given\./,
  });
  assert.throws(() => parseCallArguments("http-plugin", "register-routes", ["1"]), /takes no arguments/);
});

test("a name that the contract does not have is told with the nearest that it has", () => {
  verifyCallNames("http-plugin", "handle-request");
  for (const [capability, functionName, hint] of [
    ["http", "handle-request", "http-plugin"],
    ["htpp-plugin", "handle-request", "http-plugin"],
    ["http-plugin", "handle_request", "handle-request"],
    ["database-plugin", "executequery", "execute-query"],
  ] as const) {
    assert.throws(() => verifyCallNames(capability, functionName), {
      code: "USAGE_INVALID",
      message: new RegExp(`Did you mean "${hint}"\\?`),
    });
  }
});
