import assert from "node:assert/strict";
import { test } from "node:test";
import type { User } from "../../build/contract-types.ts";
import { json, value } from "../../build/instance.ts";
import { MALFORMED, tagged, type Start } from "./start.ts";

export function authTests(start: Start): void {
  const { authPlugin } = start().exports;
  const password = (username: string, secret: string) =>
    authPlugin.authenticate({ tag: "password", val: { username, password: secret } });
  const token = (val: string) => authPlugin.authenticate({ tag: "token", val });

  test("right credentials begin a session, by password and by token", () => {
    for (const result of [password("ada", "lovelace"), token("token-1")]) {
      assert.ok(result.tag === "success");
      const { user, ...session } = result.val;
      assert.deepEqual(session, { token: "token-1", expiresAtMs: 4_102_444_800_000n });
      assert.deepEqual(
        { ...user, claims: value(user.claims) },
        { id: 1, name: "ada", roles: ["admin", "author"], claims: { born: 1815 } },
      );
    }
  });

  test("wrong credentials are an answer, not an error", () => {
    for (const result of [password("ada", ""), password("", "lovelace"), token(""), token("ada")]) {
      assert.deepEqual(result, { tag: "failure", val: "No." });
    }
  });

  test("an authentication can fail", () => {
    assert.throws(() => password("error", ""), { payload: { tag: "denied", val: "locked" } });
  });

  test("a user may read, and do everything as an admin", () => {
    assert.equal(authPlugin.authorize(userWith("author", "admin"), "invoices/7", "delete"), true);
    assert.equal(authPlugin.authorize(userWith("author"), "invoices/7", "delete"), false);
    assert.equal(authPlugin.authorize(userWith(), "invoices/7", "read"), true);
    assert.equal(authPlugin.authorize(userWith(), "", ""), false);
  });

  test("a user whose claims are no JSON is invalid input", () => {
    const user = { id: 1, name: "ada", roles: ["admin"], claims: MALFORMED };
    assert.throws(() => authPlugin.authorize(user, "a", "read"), tagged("invalid-input"));
  });

  test("permissions are listed, none too, and an unknown user is not found", () => {
    assert.deepEqual(authPlugin.getUserPermissions(1), ["*:*"]);
    assert.deepEqual(authPlugin.getUserPermissions(2), []);
    assert.throws(() => authPlugin.getUserPermissions(4_294_967_295), {
      payload: { tag: "not-found", val: "no user 4294967295" },
    });
  });
}

function userWith(...roles: string[]): User {
  return { id: 1, name: "ada", roles, claims: json({}) };
}
