import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { HostError } from "../../../host/core/error.ts";
import { parseSettings, parseSettingsText } from "../../../host/config/parse-settings.ts";
import { redactSettings } from "../../../host/config/redact-settings.ts";
import { createScrubber } from "../../../host/config/scrub.ts";

const env = { KEY: "env-secret", DB_PASSWORD: "p@ss/word", PLAIN: "plain" };

test("secrets are known by where they come from, by their names, by marks and by their place in a URL", async () => {
  const text = `
[auth]
secret: ["numbers.pin", "codes"]
config {
  plain: @env("PLAIN")
  key: @env.secure("KEY")
  named_in_env: @env("DB_PASSWORD")
  jwt_secret: "by-name"
  apiToken: { a: "below", b: ["a list"] }
  private_key: "pem"
  max_tokens: 4096
  numbers { pin: 123456, other: 654321 }
  codes: ["c-one", "c-two"]
  url: "postgres://me:in-url%21@host/db"
  joined: "Bearer " + key
}
`;
  const settings = await parseSettingsText(text, "tsk", { env });
  const expected = [
    "env-secret",
    "p@ss/word",
    "by-name",
    "below",
    "a list",
    "123456",
    "c-one",
    "c-two",
    "in-url%21",
    "in-url!",
  ];
  assert.deepEqual(new Set(settings.secrets), new Set(expected));
  assert.deepEqual(redactSettings(settings).plugins["auth"]?.config, {
    plain: "plain",
    key: "[secret]",
    named_in_env: "[secret]",
    jwt_secret: "[secret]",
    apiToken: { a: "[secret]", b: ["[secret]"] },
    private_key: "[secret]",
    max_tokens: "[secret]",
    numbers: { pin: "[secret]", other: 654_321 },
    codes: ["[secret]", "[secret]"],
    url: "postgres://me:[secret]@host/db",
    joined: "Bearer [secret]",
  });
});

test("settings that are redacted show no secret anywhere, and are settings still", async () => {
  const settings = await parseSettings(
    {
      plugins: {
        a: {
          config: { key: "@env.secure('KEY')" },
          permissions: { database: ["postgres://a:@env.secure('DB_PASSWORD')@h/d"] },
          path: "@env.get('KEY').wasm",
        },
      },
      databases: { main: "postgres://a:pw@h/d" },
      mail: { url: "smtp://tusk:mail-pw@h", from: "tusk@example.com" },
    },
    { env },
  );
  const redacted = redactSettings(settings);
  const shown = inspect(redacted, { depth: null }) + JSON.stringify(redacted);
  for (const secret of ["env-secret", "p@ss/word", ":pw@"]) assert.ok(!shown.includes(secret), secret);
  assert.equal(redacted.databases["main"]?.url, "postgres://a:[secret]@h/d");
  assert.equal(redacted.secrets.size, 0);
  assert.ok(Object.isFrozen(redacted.plugins["a"]?.config));
  assert.deepEqual(Object.keys(redacted), Object.keys(settings));
});

test("the names of plugins and of their settings make nothing secret", async () => {
  const { secrets } = await parseSettings({ tokens: { path: "some/path", dependencies: ["passwords?"] } });
  assert.equal(secrets.size, 0);
});

test("a text is scrubbed of secrets however they are escaped, the longest first", () => {
  const scrub = createScrubber(new Set(['say "hi"', "say", "abcd", "abcdef", "a b/c", "xyz"]));
  assert.equal(
    scrub('x abcdef y abcd {"m":"say \\"hi\\""} ?q=a%20b%2Fc xyz'),
    'x [secret] y [secret] {"m":"[secret]"} ?q=[secret] xyz',
  );
  assert.equal(createScrubber(new Set())("x"), "x");
});

test("no error shows a secret: neither its message nor the line that it quotes", async () => {
  const texts = [
    '{ "a": { "config": { "jwt_secret": "literal-one", "x": "@none()" } } }',
    '{ "a": { "config": { "jwt_secret": "literal-one", "url": "http://u:literal-two@h" }, "instances": 0 } }',
    `{ "a": { "config": { "k": "@env.secure('KEY')" }, "path": "", "placement": "@env('KEY')" } }`,
    `{ "a": { "config": { "pin": "literal-one" }, "secret": ["pin"], "instances": 0 } }`,
  ];
  for (const text of texts) {
    const error: unknown = await parseSettingsText(text, "json", { env }).catch((reason: unknown) => reason);
    assert.ok(HostError.is(error, "SETTINGS_INVALID"));
    const shown = error.message + JSON.stringify(error) + inspect(error, { depth: null });
    for (const secret of ["literal-one", "literal-two", "env-secret"])
      assert.ok(!shown.includes(secret), shown);
  }
});

test("a mark that names nothing is refused, for it would hide nothing", async () => {
  const text = `[a]\nsecret: ["db.pasword", "gone", "list.key"]\nconfig { db { pass: 1 }, list: [{ key: 1 }], gone: $none }`;
  await assert.rejects(parseSettingsText(text, "tsk"), (error) => {
    assert.ok(HostError.is(error, "SETTINGS_INVALID"));
    const reports = error.details.problems.map(({ path, message }) => `${path}: ${message}`);
    assert.deepEqual(reports, [
      "a.secret[0]: Names nothing in config.",
      'a.config.gone: "$none" is not set above.',
    ]);
    return true;
  });
});
