import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRORS } from "../../../host/core/error-codes.ts";
import { HostError } from "../../../host/core/error.ts";
import { STATUS_BY_CODE, STATUS_BY_KIND } from "../../../host/http/error-status.ts";
import { problemOf, problemResponse } from "../../../host/http/problem.ts";

function pluginError(kind: string, functionName = "http-plugin.handle-request"): HostError {
  return new HostError("PLUGIN_ERROR", { plugin: "a", function: functionName, kind, text: "Because." });
}

test("a plugin's error has the status of its kind, and its text where the client is meant", () => {
  const detailed = Object.keys(STATUS_BY_KIND).filter(
    (kind) => problemOf(pluginError(kind)).detail === "Because.",
  );
  assert.deepEqual(detailed, [
    "invalid-input",
    "denied",
    "not-found",
    "conflict",
    "limit-exceeded",
    "unsupported",
  ]);
  assert.deepEqual(problemOf(pluginError("not-found")), { status: 404, detail: "Because." });
  assert.equal(problemOf(pluginError("internal")).status, 500);
});

test("a plugin that does not start again has not answered the request", () => {
  assert.deepEqual(problemOf(pluginError("not-found", "plugin.initialize")), { status: 503 });
});

test("every code has a status of an error", () => {
  assert.deepEqual(Object.keys(STATUS_BY_CODE).toSorted(), Object.keys(ERRORS).toSorted());
  assert.ok(Object.values(STATUS_BY_CODE).every((status) => status >= 400));
});

test("a client is told when to come back", () => {
  const open = new HostError("PLUGIN_CIRCUIT_OPEN", { plugin: "a", deaths: 5, retryInMs: 2_400 });
  assert.deepEqual(problemOf(open), { status: 503, headers: [{ name: "retry-after", value: "3" }] });
  const full = new HostError("PLUGIN_OVERLOADED", { plugin: "a", instances: 1, waiting: 100 });
  assert.deepEqual(problemOf(full), { status: 503, headers: [{ name: "retry-after", value: "1" }] });
});

test("nothing of a fault is told to the client", () => {
  const fault = new HostError("HOST_FAULT", { doing: "answered a request" }, { cause: new Error("secret") });
  for (const error of [fault, new TypeError("secret")]) {
    const response = problemResponse(problemOf(error), "id-1");
    assert.deepEqual(JSON.parse(Buffer.from(response.body).toString()), {
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      requestId: "id-1",
    });
  }
});
