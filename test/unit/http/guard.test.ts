import assert from "node:assert/strict";
import { request } from "node:http";
import { test, type TestContext } from "node:test";
import type {
  AuthResult,
  Credentials,
  HttpRequest,
  HttpResponse,
} from "../../../host/component/contract/data.ts";
import type { GuardSettings } from "../../../host/config/settings.ts";
import { HostError } from "../../../host/core/error.ts";
import type { AccessLogEntry } from "../../../host/http/access-log.ts";
import { Guards } from "../../../host/http/guard.ts";
import { serve } from "./client.ts";
import type { StandInPlugin } from "./stand-in-host.ts";

const ADA = { id: 1, name: "ada", roles: ["author"], claims: { born: 1815 } };

/** Knows one token, and lets ada read notes. */
const auth: StandInPlugin = {
  authenticate: ({ val }: Credentials): AuthResult =>
    val === "good"
      ? { tag: "success", val: { user: ADA, token: undefined, expiresAtMs: undefined } }
      : { tag: "failure", val: "No." },
  authorize: ({ name }, resource, action) => name === "ada" && resource === "notes" && action === "read",
};

/** Answers with who asks. */
const notes: StandInPlugin = {
  routes: ["GET /notes", "POST /notes", "GET /notes/:id", "GET /open"],
  handle: ({ user }: HttpRequest) => ({ status: 200, body: user?.name ?? "nobody" }),
};

function guard(path: string, rest: Partial<GuardSettings> = {}): GuardSettings {
  return { path, methods: undefined, plugin: "auth", resource: undefined, action: undefined, ...rest };
}

async function served(t: TestContext, guards: readonly GuardSettings[], plugins = {}) {
  const log: AccessLogEntry[] = [];
  const accessLog = (entry: AccessLogEntry) => void log.push(entry);
  const { url, server } = await serve(t, { notes, auth, ...plugins }, { guards, accessLog });
  const get = (path: string, authorization?: string, method = "GET") =>
    fetch(url + path, { method, headers: authorization === undefined ? {} : { authorization } });
  return { url, server, get, log };
}

test("a guarded route answers whoever shows a good token, and tells its plugin who that is", async (t) => {
  const { get } = await served(t, [guard("/notes/*")]);
  assert.equal(await (await get("/notes", "Bearer good")).text(), "ada");
  assert.equal(await (await get("/notes/7", "bearer good")).text(), "ada");
  assert.equal(await (await get("/open")).text(), "nobody");
});

test("without a token, the answer is 401 and says how to sign in", async (t) => {
  const { get, log } = await served(t, [guard("/notes")]);
  const response = await get("/notes");
  assert.equal(response.status, 401);
  assert.equal(response.headers.get("www-authenticate"), "Bearer");
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.ok(HostError.is(log[0]?.error, "REQUEST_UNAUTHENTICATED"));
});

for (const shown of [
  "Bearer bad",
  "Bearer",
  "Bearer a b",
  "Basic Z29vZA==",
  "good",
  "Bearer good, Bearer good",
]) {
  test(`${JSON.stringify(shown)} is no good token`, async (t) => {
    const { get } = await served(t, [guard("/notes")]);
    const response = await get("/notes", shown);
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
  });
}

test("two tokens are none", async (t) => {
  const { url } = await served(t, [guard("/notes")]);
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const headers = ["authorization", "Bearer good", "authorization", "Bearer good", "host", "x"];
  request(`${url}/notes`, { headers }, (response) => resolve(response.resume().statusCode)).end();
  assert.equal(await promise, 401);
});

test("who may not do it is refused with 403", async (t) => {
  const { get, log } = await served(t, [guard("/notes", { resource: "notes" })]);
  assert.equal((await get("/notes", "Bearer good")).status, 200);
  const refused = await get("/notes", "Bearer good", "POST");
  assert.equal(refused.status, 403);
  assert.equal(((await refused.json()) as { detail: string }).detail, "You may not do this.");
  const error = log.at(-1)?.error;
  assert.ok(HostError.is(error, "REQUEST_FORBIDDEN"));
  assert.deepEqual(error.details, { plugin: "auth", user: "ada", resource: "notes", action: "write" });
});

test("a guard may name the action, and the methods that it is for", async (t) => {
  const { get } = await served(t, [
    guard("/notes", { methods: ["GET"], resource: "notes", action: "list" }),
    guard("/notes", { methods: ["POST"], resource: "notes", action: "read" }),
  ]);
  assert.equal((await get("/notes", "Bearer good")).status, 403);
  assert.equal((await get("/notes", "Bearer good", "HEAD")).status, 403);
  assert.equal((await get("/notes", "Bearer good", "POST")).status, 200);
});

test("of two guards the one with the closer path holds", async (t) => {
  const { get } = await served(t, [guard("/*", { resource: "everything" }), guard("/notes/:id")]);
  assert.equal((await get("/notes/7", "Bearer good")).status, 200);
  assert.equal((await get("/notes", "Bearer good")).status, 403);
  assert.equal((await get("/open")).status, 401);
});

const spellings = ["/notes/7", "/n%6ftes/7", "/notes/%37", "/%6E%6F%74%65%73/7?x=/open"];
for (const path of spellings) {
  test(`${path} is guarded like /notes/7`, async (t) => {
    const { get } = await served(t, [guard("/notes/*")]);
    assert.equal((await get(path)).status, 401);
  });
}

test("middleware that changes a path leads past no guard, neither of the path as sent nor of the other", async (t) => {
  const rewriting: StandInPlugin = {
    before: (sent: HttpRequest) => ({
      tag: "next",
      val: { ...sent, path: sent.path === "/open" ? "/notes/7" : "/open" },
    }),
    after: (_: HttpRequest, response: HttpResponse) => response,
  };
  const { get } = await served(t, [guard("/notes/*")], { rewriting });
  assert.equal((await get("/open")).status, 401);
  assert.equal((await get("/notes/7")).status, 401);
  assert.equal(await (await get("/open", "Bearer good")).text(), "ada");
});

const broken = () => Promise.reject(new Error("broken"));
const failures: [string, StandInPlugin][] = [
  ["cannot say who it is", { authenticate: broken }],
  ["cannot say what is allowed", { ...auth, authorize: broken }],
];
for (const [how, failing] of failures) {
  test(`a guard whose plugin ${how} lets nobody in`, async (t) => {
    const { get, log } = await served(t, [guard("/notes", { resource: "notes" })], { auth: failing });
    assert.equal((await get("/notes", "Bearer good")).status, 503);
    assert.ok(HostError.is(log[0]?.error, "GUARD_UNAVAILABLE"));
  });
}

test("a guard whose plugin there is not lets nobody in", async (t) => {
  const { get, log } = await served(t, [guard("/notes", { plugin: "nobody" })]);
  assert.equal((await get("/notes", "Bearer good")).status, 503);
  assert.ok(HostError.is(log[0]?.error, "GUARD_UNAVAILABLE"));
  assert.ok(HostError.is(log[0].error.cause, "PLUGIN_UNKNOWN"));
});

test("middleware cannot make up who asks where there is a guard", async (t) => {
  const forging: StandInPlugin = {
    before: (val) => ({ tag: "next", val: { ...val, user: { ...ADA, name: "eve" } } }),
  };
  const { get } = await served(t, [guard("/notes")], { forging });
  assert.equal(await (await get("/notes", "Bearer good")).text(), "ada");
  assert.equal((await get("/notes")).status, 401);
});

test("a plugin whose bodies are streams is guarded, too", async (t) => {
  let asked = 0;
  const streaming: StandInPlugin = {
    routes: ["GET /stream"],
    exchange: () => Promise.reject(new Error(`asked ${++asked} times`)),
  };
  const { get } = await served(t, [guard("/stream")], { streaming });
  assert.equal((await get("/stream")).status, 401);
  assert.equal((await get("/stream", undefined, "HEAD")).status, 401);
  assert.equal(asked, 0);
  assert.equal((await get("/stream", "Bearer good")).status, 500);
  assert.equal(asked, 1);
});

const wrong: [string, GuardSettings[]][] = [
  ["a path that no route could have", [guard("/a/*/b")]],
  ["a method that there is not", [guard("/a", { methods: ["FETCH"] })]],
  ["the same twice", [guard("/a/:x"), guard("/a/:y", { methods: ["GET"] })]],
];
for (const [what, guards] of wrong) {
  test(`guards with ${what} are refused`, () => {
    assert.throws(
      () => new Guards(guards),
      (error) => HostError.is(error, "GUARD_INVALID"),
    );
  });
}

test("while guards change, what is guarded before or after is guarded", async (t) => {
  const { server, get } = await served(t, [guard("/notes/*"), guard("/open")]);
  const status = async (path: string) => (await get(path)).status;
  server.use({ guards: [guard("/notes/:id")] }, [guard("/notes/*"), guard("/open")]);
  assert.deepEqual(
    [await status("/notes"), await status("/notes/7"), await status("/open")],
    [401, 401, 401],
  );
  server.use({ guards: [guard("/notes/:id")] });
  assert.deepEqual(
    [await status("/notes"), await status("/notes/7"), await status("/open")],
    [200, 401, 200],
  );
  assert.throws(
    () => server.use({ guards: [guard("/a"), guard("/a")] }),
    (error) => HostError.is(error, "GUARD_INVALID"),
  );
  assert.equal(await status("/notes/7"), 401);
});
