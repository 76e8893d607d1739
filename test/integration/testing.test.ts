import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { suite, test } from "node:test";
import { createHost } from "tusk-host";
import {
  junitReport,
  RecordingMail,
  recordingLog,
  testPlugin,
  type TestReport,
  VirtualClock,
} from "tusk-host/testing";
import { buildWat, type WatParts } from "../hostile/wat-plugin.ts";
import { fixture } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

/** The names of the checks that a plugin does not pass. */
function failed({ checks }: TestReport): string[] {
  return checks.filter(({ failure }) => failure !== undefined).map(({ name }) => name);
}

/** Faults of a plugin that is right in everything else, and the one check that finds each. */
const FAULTS = {
  "refuses-to-start": "is loaded and initialised",
  "info-changes": "says the same of itself before and after it is initialised",
  unhealthy: "is healthy once it is initialised",
  "asked-too-early": "answers what is asked before it is initialised, if only with an error",
  "initialize-twice": "can be initialised twice",
  "shutdown-fails": "shuts down",
  "shutdown-twice": "can be shut down twice, and asked afterwards",
  "state-lost": "takes over the state that it saved",
  "no-routes": "has routes, each a method and a path",
  "server-error": "answers GET /test with 200 or 404",
  "no-stream-routes": "has routes for streams, each a method and a path",
  "forgets-broken-uploads": "answers, or says no, when what is sent breaks off",
  "takes-any-password": "takes no password of somebody whom it cannot know",
  "takes-any-token": "takes no token that it did not give",
  "takes-any-channel": "refuses a channel that it does not have",
  "never-ends": "says whether its service can be reached",
  "service-fails": "starts or says no when every service fails",
  leaks: "answers 10,000 calls in the memory that it has after 2,000",
};

/** Faults that can be seen only where there are no settings that name them. */
const SETTINGS_FAULTS: Readonly<Record<string, WatParts>> = {
  "without settings, starts or says what is missing": {
    initialize: `(if (i32.lt_u (local.get $settingsLength) (i32.const 2)) (then (unreachable))) (i32.const 128)`,
  },
  "with settings of the wrong type, starts or says which": {
    // An array of one item stands where "true" alone should.
    initialize: `(if (i32.gt_u (local.get $settingsLength) (i32.const 2)) (then
      (if (i32.eq (i32.load8_u (i32.sub (i32.add (local.get $settings) (local.get $settingsLength)) (i32.const 2))) (i32.const 0x91))
        (then (unreachable)))))
      (i32.const 128)`,
  },
};

suite("the test kit", () => {
  const folder = temporaryFolder();

  test("passes the plugins that come with the host", async () => {
    for (const [name, config] of [
      ["api", {}],
      ["postgres", { database: "main" }],
      ["faulty-as", { fault: "none" }],
    ] as const) {
      const report = await testPlugin(fixture(name), { config });
      assert.deepEqual(failed(report), [], name);
      assert.ok(report.passed);
      assert.ok(report.checks.length >= 15);
    }
  });

  for (const [fault, check] of Object.entries(FAULTS)) {
    test(`finds a plugin that has the fault ${fault}, and finds no other`, async () => {
      const limits = { timeoutMs: 20_000, cpuMs: 3_000 };
      const report = await testPlugin(fixture("faulty-as"), { config: { fault }, limits });
      assert.deepEqual(failed(report), [check]);
      assert.equal(report.passed, false);
    });
  }

  test("finds answers that are not finished, wherever it asks for a stream", async () => {
    const report = await testPlugin(fixture("faulty-as"), { config: { fault: "unfinished-answers" } });
    assert.deepEqual(failed(report), [
      "answers what is sent as a stream to its end, or with an error",
      "answers requests for streams that have no body",
    ]);
  });

  for (const [check, parts] of Object.entries(SETTINGS_FAULTS)) {
    test(`finds a plugin of which it is not true that, ${check}`, async () => {
      const healthy = await testPlugin(await folder.write("healthy.wasm", await buildWat({})), SETTINGS);
      assert.ok(!failed(healthy).includes(check));
      const faulty = await testPlugin(await folder.write("faulty.wasm", await buildWat(parts)), SETTINGS);
      assert.ok(failed(faulty).includes(check), JSON.stringify(failed(faulty)));
    });
  }

  test("tries a plugin that sends mail without a mail server", async () => {
    const permissions = { "http-client": ["example.com"], mail: ["*@example.com"] };
    const report = await testPlugin(fixture("notifier"), { config: {}, permissions });
    assert.deepEqual(failed(report), []);
    let asked = 0;
    const mail = new RecordingMail();
    mail.verify = () => Promise.resolve(void asked++);
    assert.ok((await testPlugin(fixture("notifier"), { config: {}, permissions, mail })).passed);
    assert.ok(asked > 0);
  });

  test("keeps the mail of a plugin, and makes hours of attempts pass in no time", async () => {
    const clock = new VirtualClock();
    const mail = new RecordingMail({ delayMs: 5_000, clock });
    mail.failures = 2;
    const config = { attempts: 3, first_delay_ms: 3_600_000, max_delay_ms: 7_200_000 };
    const permissions = { "http-client": ["example.com"], mail: ["*@example.com"] };
    const settings = await settingsFor({ notifier: { path: fixture("notifier"), config, permissions } });
    const log = recordingLog();
    await using host = await createHost({ settings, mail, clock, log });
    const { notification } = host.plugin("notifier");
    const sending = notification.sendNotification({
      channel: "email",
      recipient: "ada@example.com",
      subject: "Hi",
    });
    const sent = sending.then(() => true);
    while (!(await Promise.race([sent, setImmediate(false)]))) clock.advance(1_000);
    assert.deepEqual(
      mail.messages.map(({ from, to, subject }) => [from, to, subject]),
      [["tests@example.com", ["ada@example.com"], "Hi"]],
    );
    assert.equal(log.entries.filter(({ message }) => message.includes("Trying again")).length, 2);
    const passedMs = clock.monotonic();
    assert.ok(passedMs >= 15_000 + 1.5 * 3_600_000, `${passedMs} ms have passed`);
  });

  test("says what is wrong with a plugin", async () => {
    const file = await folder.write("wrong.wasm", await buildWat({ query: "(unreachable)" }));
    const { checks, passed } = await testPlugin(file);
    assert.equal(passed, false);
    const wrong = checks.find(({ name }) => name === "answers SELECT 1 AS test");
    assert.match(wrong?.failure?.message ?? "", /unreachable/);
  });

  test("asks nothing more of a plugin that does not even start", async () => {
    const file = await folder.write("dead.wasm", await buildWat({ initialize: "(unreachable)" }));
    const { checks } = await testPlugin(file);
    assert.deepEqual(
      checks.map(({ name }) => name),
      ["is loaded and initialised"],
    );
  });

  test("reports in JUnit's form, whatever the plugin says", async () => {
    const failure = new Error('1 < 2 & "quoted" \u001b[31m');
    const report = { plugin: "a&b", passed: false, log: [] };
    const checks = [
      { name: "starts", durationMs: 12 },
      { name: "ends", durationMs: 3, failure },
    ];
    assert.equal(
      junitReport([{ ...report, checks }]),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a&amp;b" tests="2" failures="1">
    <testcase classname="a&amp;b" name="starts" time="0.012"/>
    <testcase classname="a&amp;b" name="ends" time="0.003"><failure type="Error">1 &lt; 2 &amp; &quot;quoted&quot; \uFFFD[31m</failure></testcase>
  </testsuite>
</testsuites>
`,
    );
  });
});

const SETTINGS = { config: { test_mode: true } };
