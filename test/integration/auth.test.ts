import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { createLocalJWKSet, decodeJwt, importJWK, type JWTHeaderParameters, jwtVerify, SignJWT } from "jose";
import { createHost, HostError, type PluginHandle, type User } from "tusk-host";
import type { PluginSettingsInput } from "../../host/config/settings-schema.ts";
import { fixture, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const SECRET = "a secret of thirty-two bytes, or more";
const ADMIN = { name: "ada", password: "correct horse battery staple" };
const KEY = new TextEncoder().encode(SECRET);

type Config = NonNullable<PluginSettingsInput["config"]>;

async function startAuth(
  t: TestContext,
  config: Config = {},
  rest: Partial<PluginSettingsInput> = {},
): Promise<PluginHandle> {
  const settings = await settingsFor({
    auth: {
      path: fixture("auth"),
      config: { jwt_secret: SECRET, admin: ADMIN, ...config },
      permissions: { database: ["main"] },
      ...rest,
    },
  });
  const host = await createHost({ settings, cacheDir: join(folder.path, "cache") });
  t.after(() => host.shutdown());
  const plugin = host.plugin("auth");
  assert.equal(plugin.status().state, "serving", plugin.status().problem?.message ?? "");
  return plugin;
}

interface SignedIn {
  readonly user: User;
  readonly token: string;
  readonly expiresAtMs: number;
}

async function signIn({ auth }: PluginHandle, { name, password } = ADMIN): Promise<SignedIn> {
  const result = await auth.authenticate({ tag: "password", val: { username: name, password } });
  assert.ok(result.tag === "success");
  const { user, token = "", expiresAtMs = 0 } = result.val;
  return { user, token, expiresAtMs };
}

const isTaken = async ({ auth }: PluginHandle, token: string) =>
  (await auth.authenticate({ tag: "token", val: token })).tag === "success";

async function post({ http }: PluginHandle, path: string, body: unknown, token?: string) {
  const headers = token === undefined ? [] : [{ name: "authorization", value: `Bearer ${token}` }];
  const response = await http.handleRequest({ method: "POST", path, headers, body: JSON.stringify(body) });
  const text = Buffer.from(response.body).toString();
  return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as object) };
}

/** A token as jose makes one, as the plugin would, but for what `change` does to it. */
function joseToken(
  user: User,
  change: (token: SignJWT) => SignJWT = (token) => token,
  key: Parameters<SignJWT["sign"]>[0] = KEY,
  header: JWTHeaderParameters = { alg: "HS256", typ: "JWT" },
) {
  const token = new SignJWT({})
    .setProtectedHeader(header)
    .setIssuer("tusk")
    .setAudience("tusk")
    .setSubject(String(user.id))
    .setJti(randomBytes(16).toString("hex"))
    .setIssuedAt()
    .setExpirationTime("5m");
  return change(token).sign(key);
}

const folder = temporaryFolder();

const skip = skipUnlessBuilt("auth");

test("the right password gives a token, and the token the user", { skip }, async (t) => {
  const plugin = await startAuth(t, { session_timeout: 120 });
  const { user, token, expiresAtMs } = await signIn(plugin);
  assert.deepEqual([user.name, user.roles], ["ada", ["admin"]]);
  assert.ok(Math.abs(expiresAtMs - Date.now() - 120_000) < 5_000);
  const again = await plugin.auth.authenticate({ tag: "token", val: token });
  assert.deepEqual(again, { tag: "success", val: { user, token: undefined, expiresAtMs } });
});

test("a wrong password and an unknown user are told the same", { skip }, async (t) => {
  const { auth } = await startAuth(t);
  const wrong = { tag: "failure", val: "The name or the password is wrong." };
  for (const [username, password] of [
    ["ada", "wrong"],
    ["eve", ADMIN.password],
    ["ada", ""],
    ["", ""],
  ] as const) {
    assert.deepEqual(await auth.authenticate({ tag: "password", val: { username, password } }), wrong);
  }
  const long = { username: "ada", password: "x".repeat(100_000) };
  assert.deepEqual(await auth.authenticate({ tag: "password", val: long }), wrong);
});

test("a token that is made here verifies in jose", { skip }, async (t) => {
  const plugin = await startAuth(t, { issuer: "https://issuer.example", audience: "notes" });
  const { user, token } = await signIn(plugin);
  const options = { issuer: "https://issuer.example", audience: "notes", algorithms: ["HS256"] };
  const { payload, protectedHeader } = await jwtVerify(token, KEY, options);
  assert.deepEqual(protectedHeader, { alg: "HS256", typ: "JWT" });
  assert.equal(payload.sub, String(user.id));
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 3600);
  assert.match(payload.jti ?? "", /^[\w-]{22}$/);
});

test("a token that jose makes is taken here", { skip }, async (t) => {
  const plugin = await startAuth(t);
  const { user } = await signIn(plugin);
  const result = await plugin.auth.authenticate({ tag: "token", val: await joseToken(user) });
  assert.ok(result.tag === "success");
  assert.deepEqual(result.val.user, user);
  assert.ok(await isTaken(plugin, await joseToken(user, (token) => token.setAudience(["other", "tusk"]))));
});

test("EdDSA goes both ways, and the key to check it with is published", { skip }, async (t) => {
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const plugin = await startAuth(t, { algorithm: "EdDSA", signing_key: jwk.d ?? "" });
  const { user, token } = await signIn(plugin);
  const published = await plugin.http.handleRequest({ method: "GET", path: "/auth/keys" });
  const keys = JSON.parse(Buffer.from(published.body).toString()) as Parameters<typeof createLocalJWKSet>[0];
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { issuer: "tusk", audience: "tusk" });
  assert.equal(payload.sub, String(user.id));
  const key = await importJWK({ ...jwk, alg: "EdDSA" });
  const theirs = await joseToken(user, undefined, key, { alg: "EdDSA" });
  assert.ok(await isTaken(plugin, theirs));
  // The public key as a secret of HS256 is the oldest trick.
  const publicKey = Buffer.from(jwk.x ?? "", "base64url");
  assert.ok(!(await isTaken(plugin, await joseToken(user, undefined, publicKey))));
});

const other = new TextEncoder().encode("another secret of thirty-two bytes!!");
const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
const past = Math.floor(Date.now() / 1000) - 1;

/** Tokens that differ from a good one in one thing. */
const bad: [string, (user: User, token: string) => string | Promise<string>][] = [
  ["is expired", (user) => joseToken(user, (token) => token.setExpirationTime(past))],
  [
    "never expires",
    (user) =>
      new SignJWT({ sub: String(user.id), iss: "tusk", aud: "tusk", jti: "x" })
        .setProtectedHeader({ alg: "HS256" })
        .sign(KEY),
  ],
  ["is not valid yet", (user) => joseToken(user, (token) => token.setNotBefore("2m"))],
  ["is from the future", (user) => joseToken(user, (token) => token.setIssuedAt(past + 120))],
  ["is for somebody else", (user) => joseToken(user, (token) => token.setAudience("other"))],
  ["is for nobody", (user) => joseToken(user, (token) => token.setAudience([]))],
  ["is from somebody else", (user) => joseToken(user, (token) => token.setIssuer("other"))],
  ["has no id", (user) => joseToken(user, (token) => token.setJti(""))],
  ["names no user", (user) => joseToken({ ...user, id: user.id ^ 1 })],
  ["is signed with another secret", (user) => joseToken(user, undefined, other)],
  ["says alg: none, with a signature", (_, token) => [none, ...token.split(".").slice(1)].join(".")],
  ["says alg: none, without a signature", (_, token) => `${none}.${token.split(".")[1]}.`],
  ["has lost its signature", (_, token) => token.split(".").slice(0, 2).join(".")],
  ["has an empty signature", (_, token) => `${token.split(".").slice(0, 2).join(".")}.`],
  [
    "wants an extension to be understood",
    (user) => joseToken(user, undefined, KEY, { alg: "HS256", crit: ["b64"], b64: true }),
  ],
  ["is signed with HS512", (user) => joseToken(user, undefined, KEY, { alg: "HS512" })],
  ["is none", () => "not.a.token"],
  ["is empty", () => ""],
  ["is endless", (_, token) => token + "A".repeat(100_000)],
];
for (const [what, make] of bad) {
  test(`a token that ${what} is refused`, { skip }, async (t) => {
    const plugin = await startAuth(t, { hashing: "argon2id", argon2: { memory_kib: 8, iterations: 1 } });
    const { user, token } = await signIn(plugin);
    const result = await plugin.auth.authenticate({ tag: "token", val: await make(user, token) });
    assert.deepEqual(result, { tag: "failure", val: "The token is not valid, or no longer." });
  });
}

test("a token of which any one character was altered is refused", { skip }, async (t) => {
  const plugin = await startAuth(t);
  const { token } = await signIn(plugin);
  // The last character holds bits that stand for nothing, which a lax decoder would ignore.
  for (let i = 0; i < token.length; i += i < token.length - 3 ? 7 : 1) {
    const altered = token.slice(0, i) + (token[i] === "A" ? "B" : "A") + token.slice(i + 1);
    assert.ok(!(await isTaken(plugin, altered)), `character ${i} of ${token.length}`);
  }
});

test("claims that were altered are refused, though the signature is a good one", { skip }, async (t) => {
  const plugin = await startAuth(t);
  const { token } = await signIn(plugin);
  const [header, , signature] = token.split(".");
  const claims = Buffer.from(JSON.stringify({ ...decodeJwt(token), exp: past + 10_000 })).toString(
    "base64url",
  );
  assert.ok(!(await isTaken(plugin, [header, claims, signature].join("."))));
});

test(
  "a token that is replayed after its user signed out is refused, and others are not",
  { skip },
  async (t) => {
    const plugin = await startAuth(t, {}, { instances: 2 });
    const [first, second] = [await signIn(plugin), await signIn(plugin)];
    assert.notEqual(first.token, second.token);
    assert.equal((await post(plugin, "/auth/logout", {}, first.token)).status, 204);
    // Also by the other instance, and after signing out twice.
    await post(plugin, "/auth/logout", {}, first.token);
    for (const _ of [1, 2, 3]) assert.ok(!(await isTaken(plugin, first.token)));
    assert.ok(await isTaken(plugin, second.token));
  },
);

test("users, roles and ended tokens outlive the plugin where the database does", { skip }, async (t) => {
  const url = `sqlite:${join(folder.path, "users.sqlite")}`;
  const rest = { permissions: { database: [url] } };
  const before = await startAuth(t, { database: url }, rest);
  const [ended, kept] = [await signIn(before), await signIn(before)];
  await post(before, "/auth/logout", {}, ended.token);
  // The password in the settings is that of the first start.
  const changed = { database: url, admin: { ...ADMIN, password: "another one" } };
  const after = await startAuth(t, changed, rest);
  assert.ok(await isTaken(after, kept.token));
  assert.ok(!(await isTaken(after, ended.token)));
  assert.deepEqual((await signIn(after)).user, kept.user);
});

test("whoever may makes users, and each may do what the role says", { skip }, async (t) => {
  const roles = { admin: ["*:*"], reader: ["notes:read", "*:list"] };
  const plugin = await startAuth(t, { roles });
  const ada = await signIn(plugin);
  const eve = { username: "eve", password: "password of eve", roles: ["reader"] };
  assert.equal((await post(plugin, "/auth/users", eve)).status, 401);
  assert.equal((await post(plugin, "/auth/users", eve, ada.token)).status, 201);
  const { user, token } = await signIn(plugin, { name: "eve", password: eve.password });
  await assert.rejects(post(plugin, "/auth/users", { ...eve, username: "x" }, token), isError("denied"));
  await assert.rejects(post(plugin, "/auth/users", eve, ada.token), isError("conflict"));
  await assert.rejects(
    post(plugin, "/auth/users", { ...eve, username: "y", roles: ["king"] }, ada.token),
    isError("invalid-input"),
  );
  const { auth } = plugin;
  assert.deepEqual(await auth.getUserPermissions(user.id), ["*:list", "notes:read"]);
  assert.deepEqual(await auth.getUserPermissions(ada.user.id), ["*:*"]);
  await assert.rejects(auth.getUserPermissions(0), isError("not-found"));
  assert.deepEqual(
    await Promise.all([
      auth.authorize(user, "notes/7", "read"),
      auth.authorize(user, "notes", "write"),
      auth.authorize(user, "anything", "list"),
      // What a caller says of somebody's roles counts for nothing.
      auth.authorize({ ...user, roles: ["admin"] }, "notes", "write"),
      auth.authorize({ id: 1, name: "nobody", roles: ["admin"] }, "notes", "write"),
      auth.authorize(ada.user, "notes", "write"),
    ]),
    [true, false, true, false, false, true],
  );
});

test("signing in by HTTP gives what the next requests need, and nothing to keep", { skip }, async (t) => {
  const plugin = await startAuth(t);
  const credentials = { username: ADMIN.name, password: ADMIN.password };
  const { status, body } = await post(plugin, "/auth/login", credentials);
  assert.equal(status, 200);
  const { token, ...rest } = body as { token: string; user: object };
  assert.deepEqual(Object.keys(rest), ["token_type", "expires_at_ms", "user"]);
  const headers = [{ name: "authorization", value: `Bearer ${token}` }];
  const me = await plugin.http.handleRequest({ method: "GET", path: "/auth/me", headers });
  assert.deepEqual(JSON.parse(Buffer.from(me.body).toString()), { user: rest.user, permissions: ["*:*"] });
  assert.deepEqual(me.headers.at(-1), { name: "cache-control", value: "no-store" });
  assert.equal((await post(plugin, "/auth/login", { ...credentials, password: "no" })).status, 401);
  await assert.rejects(post(plugin, "/auth/login", { username: "ada" }), isError("invalid-input"));
});

test("hashes are Argon2id, and PBKDF2 where the memory limit leaves no room for it", { skip }, async (t) => {
  for (const [memoryBytes, beginning] of [
    ["100MB", "$argon2id$v=19$m=19456,t=2,p=1$"],
    ["8MB", "$pbkdf2-sha512$i=210000,l=32$"],
  ] as const) {
    const url = `sqlite:${join(folder.path, `${memoryBytes}.sqlite`)}`;
    const rest = { permissions: { database: [url] }, limits: { memoryBytes } };
    const plugin = await startAuth(t, { database: url }, rest);
    await signIn(plugin);
    using database = new DatabaseSync(join(folder.path, `${memoryBytes}.sqlite`), { readOnly: true });
    const { password_hash: hash } = database.prepare("SELECT password_hash FROM auth_users").get() ?? {};
    assert.ok(String(hash).startsWith(beginning), String(hash));
  }
});

const unusable: [string, Config, RegExp][] = [
  ["no secret", { jwt_secret: null }, /jwt_secret is missing/],
  ["a secret that could be guessed", { jwt_secret: "short" }, /shorter than 32 bytes/],
  ["no key", { algorithm: "EdDSA" }, /signing_key is missing/],
  ["half a key", { algorithm: "EdDSA", signing_key: "AAAA" }, /not 32 bytes in base64url/],
  ["another algorithm", { algorithm: "none" }, /unknown variant `none`/],
  ["a permission that is none", { roles: { admin: ["everything"] } }, /of the form/],
  ["an unknown setting", { jwt_secrt: "x" }, /unknown field `jwt_secrt`/],
];
for (const [what, config, reason] of unusable) {
  test(`settings with ${what} are refused`, { skip }, async () => {
    const settings = await settingsFor({
      auth: {
        path: fixture("auth"),
        config: { jwt_secret: SECRET, ...config },
        permissions: { database: ["main"] },
      },
    });
    await using host = await createHost({ settings, cacheDir: join(folder.path, "cache") });
    const { state, problem } = host.plugin("auth").status();
    assert.equal(state, "failed");
    assert.match(problem?.message ?? "", reason);
  });
}

test("a wrong password takes as long as an unknown user", { skip }, async (t) => {
  const { auth } = await startAuth(t);
  const timeOf = async (username: string, password: string) => {
    const started = performance.now();
    await auth.authenticate({ tag: "password", val: { username, password } });
    return performance.now() - started;
  };
  const times = { right: [] as number[], wrong: [] as number[], unknown: [] as number[] };
  for (let i = 0; i < 15; i++) {
    times.right.push(await timeOf("ada", ADMIN.password));
    times.wrong.push(await timeOf("ada", "wrong horse battery staple"));
    times.unknown.push(await timeOf("eve", "wrong horse battery staple"));
  }
  const [right, wrong, unknown] = Object.values(times).map(median) as [number, number, number];
  t.diagnostic(
    `right ${right.toFixed(1)} ms, wrong ${wrong.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms`,
  );
  // Without the hash an unknown user would be told in a hundredth of the time.
  assert.ok(wrong / unknown > 0.5 && wrong / unknown < 2, `${wrong} ms and ${unknown} ms`);
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function isError(kind: string): (error: unknown) => boolean {
  return (error) => HostError.is(error, "PLUGIN_ERROR") && error.details.kind === kind;
}
