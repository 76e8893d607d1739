import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { HostError } from "../../core/error.ts";
import type { AuthResult, Decision, HttpResponse, Route } from "../../component/contract/data.ts";
import type { LooseInstance } from "../subject.ts";
import type { PluginCheck } from "./plugin-check.ts";
import { STREAM_CHECKS } from "./streams.ts";

/** What plugins do that have a capability: the original's checks, and what else the contract says. */
export const CAPABILITY_CHECKS: readonly PluginCheck[] = [
  check("database-plugin", "answers SELECT 1 AS test", async (instance) => {
    assert.deepEqual(await query(instance, "SELECT 1 AS test"), [{ test: 1 }]);
  }),
  check("database-plugin", "creates a table, which is then there", async (instance) => {
    const table = `test_${randomBytes(8).toString("hex")}`;
    const schema = `CREATE TABLE ${table} (id INTEGER PRIMARY KEY)`;
    await instance.call("database-plugin", "create-table", [table, schema]);
    assert.deepEqual(await query(instance, `SELECT * FROM ${table}`), []);
  }),
  check("database-plugin", "answers a statement that is none with an error", async (instance) => {
    await saysNo(query(instance, "THIS IS NOT SQL"));
  }),
  check("http-plugin", "has routes, each a method and a path", async (instance) => {
    verifyRoutes(await instance.call("http-plugin", "register-routes"));
  }),
  check("http-plugin", "answers GET /test with 200 or 404", async (instance) => {
    const request = { method: "GET", path: "/test" };
    const { status } = (await instance.call("http-plugin", "handle-request", [request])) as HttpResponse;
    assert.ok(status === 200 || status === 404, `it answered with ${status}`);
  }),
  check("http-stream-plugin", "has routes for streams, each a method and a path", async (instance) => {
    verifyRoutes(await instance.call("http-stream-plugin", "register-stream-routes"));
  }),
  ...STREAM_CHECKS,
  check("http-middleware", "lets a request through, or answers it", async (instance) => {
    const request = { method: "GET", path: "/test" };
    const decision = (await instance.call("http-middleware", "before", [request])) as Decision;
    if (decision.tag === "next") assert.equal(decision.val.method, "GET");
    else assert.ok(decision.val.status >= 200 && decision.val.status <= 599, `${decision.val.status}`);
  }),
  check("auth-plugin", "says whether a password is right", async (instance) => {
    const { tag } = await authenticate(instance, {
      tag: "password",
      val: { username: "test_user", password: "test_password" },
    });
    assert.ok(tag === "success" || tag === "failure");
  }),
  check("auth-plugin", "takes no password of somebody whom it cannot know", async (instance) => {
    const password = randomBytes(16).toString("hex");
    const val = { username: `nobody-${password}`, password };
    assert.equal((await authenticate(instance, { tag: "password", val })).tag, "failure");
  }),
  check("auth-plugin", "takes no token that it did not give", async (instance) => {
    assert.equal((await authenticate(instance, { tag: "token", val: "not-a-token" })).tag, "failure");
  }),
  check("notification-plugin", "supports a channel", async (instance) => {
    assert.notDeepEqual(await instance.call("notification-plugin", "supported-channels"), []);
  }),
  check("notification-plugin", "says whether its service can be reached", async (instance) => {
    assert.equal(typeof (await instance.call("notification-plugin", "test-connection")), "boolean");
  }),
  check("notification-plugin", "refuses a channel that it does not have", async (instance) => {
    const notification = { channel: "no-such-channel", recipient: "nobody", subject: "", body: "", data: {} };
    await saysNo(instance.call("notification-plugin", "send-notification", [notification]));
  }),
];

function check(
  capability: string,
  name: string,
  run: (instance: LooseInstance) => Promise<void>,
): PluginCheck {
  return {
    name,
    capability,
    async run(subject) {
      using instance = await subject.started();
      await run(instance);
    },
  };
}

function verifyRoutes(answer: unknown): void {
  const routes = answer as Route[];
  assert.ok(routes.length > 0, "it has none");
  for (const { method, pattern } of routes) {
    assert.match(method, /^([A-Z]+|\*)$/);
    assert.match(pattern, /^\//);
  }
}

function query(instance: LooseInstance, sql: string): Promise<unknown> {
  return instance.call("database-plugin", "execute-query", [sql, []]);
}

function authenticate(instance: LooseInstance, credentials: object): Promise<AuthResult> {
  return instance.call("auth-plugin", "authenticate", [credentials]) as Promise<AuthResult>;
}

/** The plugin is to answer with an error of the contract: neither as if all were well, nor by trapping. */
async function saysNo(call: Promise<unknown>): Promise<void> {
  const outcome = await call.then(
    () => new assert.AssertionError({ message: "it said that all went well" }),
    (error: unknown) => error,
  );
  if (!HostError.is(outcome, "PLUGIN_ERROR")) throw outcome;
}
