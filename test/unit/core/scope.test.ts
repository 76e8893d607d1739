import assert from "node:assert/strict";
import { test } from "node:test";
import { Scope } from "../../../host/core/scope.ts";

test("a scope closes in reverse order, once", async () => {
  const closed: number[] = [];
  const scope = new Scope();
  for (const n of [1, 2, 3]) scope.defer(() => void closed.push(n));
  await Promise.all([scope.close(), scope.close()]);
  assert.deepEqual(closed, [3, 2, 1]);
  assert.throws(() => scope.defer(() => undefined), /closed already/);
});

test("what was taken out of a scope stays open", async () => {
  const closed: string[] = [];
  const scope = new Scope();
  const forget = scope.defer(() => void closed.push("kept"));
  scope.defer(() => void closed.push("owned"));
  forget();
  await scope.close();
  assert.deepEqual(closed, ["owned"]);
});

test("a failing closer does not stop the others", async () => {
  const closed: string[] = [];
  const scope = new Scope();
  scope.defer(() => void closed.push("first"));
  scope.defer(() => Promise.reject(new Error("one")));
  scope.defer(() => Promise.reject(new Error("two")));
  await assert.rejects(scope.close(), (error: AggregateError) => error.errors.length === 2);
  assert.deepEqual(closed, ["first"]);
});
