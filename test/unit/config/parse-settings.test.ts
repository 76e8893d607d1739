import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../../host/config/json-value.ts";
import { defaultPluginSettings } from "../../../host/config/default-plugin-settings.ts";
import { parseSettings, parseSettingsText } from "../../../host/config/parse-settings.ts";
import type { PluginSettings } from "../../../host/config/settings.ts";
import type { PluginSettingsInput, SettingsInput } from "../../../host/config/settings-schema.ts";
import { reportOf } from "./problems-of.ts";

async function pluginOf(input: PluginSettingsInput): Promise<PluginSettings> {
  const { plugins } = await parseSettings({ a: input });
  assert.ok(plugins["a"]);
  return plugins["a"];
}

/** The problems of one plugin's settings, with their paths in it. */
async function reportOfPlugin(input: object): Promise<string[]> {
  const reports = await reportOf(parseSettings({ a: input }));
  return reports.map((report) => report.replace(/^a\./, ""));
}

test("what is not written has the original's defaults: nothing granted, 100 MB, 30 s", async () => {
  assert.deepEqual(await pluginOf({}), {
    name: "a",
    enabled: true,
    path: "plugins/a.wasm",
    config: {},
    dependencies: [],
    loadOrder: 4_294_967_295,
    permissions: { cache: false, database: [], httpClient: [], filesystem: [], mail: undefined },
    limits: {
      timeoutMs: 30_000,
      shutdownMs: 10_000,
      cpuMs: 30_000,
      memoryBytes: 104_857_600,
      totalMemoryBytes: 104_857_600,
      tableElements: 100_000,
      queueLength: 100,
      streamBytes: Infinity,
      fuel: "sliced",
    },
    instances: 1,
    healthCheckMs: 30_000,
    placement: "inline",
    trust: undefined,
    mount: "",
    logLevel: undefined,
    sha256: undefined,
    secret: [],
  });
  const settings = await parseSettings({ plugins: {} });
  assert.equal(settings.folder, "plugins");
  assert.deepEqual(settings.databases, { main: { url: "sqlite::memory:" } });
  assert.deepEqual(settings.http, {
    host: "127.0.0.1",
    port: 8080,
    maxBodyBytes: 8_388_608,
    adminPort: undefined,
    guards: [],
  });
  assert.deepEqual(settings.workers, { threads: availableParallelism(), heapBytes: 536_870_912 });
  assert.deepEqual(defaultPluginSettings(settings, "a"), await pluginOf({}));
});

test("all that can be written arrives in one unit", async () => {
  const settings = await parseSettings(
    {
      $schema: "./settings.schema.json",
      plugins: {
        a: {
          enabled: false,
          config: { any: [1, { b: null }] },
          dependencies: ["b", "c@^1", "d?", "e@~1.2?", "f@>=1.0.0 <2 || 3"],
          load_order: 7,
          path: "build/a.wasm",
          instances: 3,
          placement: "worker",
          trust: "require",
          mount: "/shop/v1",
          logLevel: "warn",
          sha256: "AB".repeat(32),
          secret: ["any"],
          healthCheckMs: "1m",
          limits: {
            timeoutMs: "1.5s",
            shutdownMs: "2s",
            cpuMs: 200,
            memoryBytes: "64 MiB",
            tableElements: 0,
            streamBytes: "2GB",
            fuel: "exact",
          },
          permissions: {
            cache: true,
            database: ["main", { name: "sqlite::memory:", access: "read" }],
            "http-client": [
              "API.Example.com",
              "*.example.com:8443",
              { host: "[::1]", port: 80, methods: ["get"] },
            ],
            filesystem: [{ path: "data" }, { path: "/var/tmp", access: "write" }],
            mail: { to: ["*@Bücher.example", "Ada@EXAMPLE.com", "*"], from: "a@Example.com" },
          },
        },
      },
      folder: "../plugins",
      databases: { main: "sqlite:main.db", other: { url: "postgres://host/name" } },
      http: {
        host: "::1",
        port: 0,
        maxBodyBytes: "1MB",
        adminPort: 9464,
        guards: [
          { path: "/notes/*", plugin: "auth", resource: "notes", action: "list", methods: ["get"] },
          { path: "/", plugin: "auth" },
        ],
      },
      mail: { url: "smtps://mail.example.com", from: "tusk@EXAMPLE.com" },
      trust: {
        default: "warn",
        keys: {
          acme: { file: "acme.pub", plugins: ["acme-*"] },
          we: { key: "ssh-ed25519 AAAA", plugins: ["*"] },
        },
        lock: "tusk.lock",
        record: "versions.json",
        revoked: { keys: ["RWa"], builds: ["AB".repeat(32)], file: "revoked.json" },
      },
      inspection: { refuse: ["start-section", "start-section"] },
      workers: { threads: 3, heapBytes: "256MB" },
      history: { builds: 5, maxBytes: "1MB" },
      log: { level: "debug", file: "tusk.log", format: "text" },
      cacheDir: ".cache",
    },
    { baseFolder: "/srv/app" },
  );
  assert.deepEqual(settings, {
    plugins: {
      a: {
        name: "a",
        enabled: false,
        path: "/srv/app/build/a.wasm",
        config: { any: [1, { b: null }] },
        dependencies: [
          { name: "b", range: undefined, optional: false },
          { name: "c", range: "^1", optional: false },
          { name: "d", range: undefined, optional: true },
          { name: "e", range: "~1.2", optional: true },
          { name: "f", range: ">=1.0.0 <2 || 3", optional: false },
        ],
        loadOrder: 7,
        permissions: {
          cache: true,
          database: [
            { name: "main", access: "write" },
            { name: "sqlite::memory:", access: "read" },
          ],
          httpClient: [
            { host: "api.example.com", port: undefined, methods: undefined },
            { host: "*.example.com", port: 8443, methods: undefined },
            { host: "[::1]", port: 80, methods: ["GET"] },
          ],
          filesystem: [
            { path: "/srv/app/data", access: "read" },
            { path: "/var/tmp", access: "write" },
          ],
          mail: { to: ["*@xn--bcher-kva.example", "Ada@example.com", "*"], from: "a@example.com" },
        },
        limits: {
          timeoutMs: 1500,
          shutdownMs: 2000,
          cpuMs: 200,
          memoryBytes: 67_108_864,
          totalMemoryBytes: 201_326_592,
          tableElements: 0,
          queueLength: 100,
          streamBytes: 2 ** 31,
          fuel: "exact",
        },
        instances: 3,
        healthCheckMs: 60_000,
        placement: "worker",
        trust: "require",
        mount: "/shop/v1",
        logLevel: "warn",
        sha256: "ab".repeat(32),
        secret: ["any"],
      },
    },
    folder: "/srv/plugins",
    databases: { main: { url: "sqlite:main.db" }, other: { url: "postgres://host/name" } },
    http: {
      host: "::1",
      port: 0,
      maxBodyBytes: 1_048_576,
      adminPort: 9464,
      guards: [
        { path: "/notes/*", methods: ["GET"], plugin: "auth", resource: "notes", action: "list" },
        { path: "/", methods: undefined, plugin: "auth", resource: undefined, action: undefined },
      ],
    },
    mail: { url: "smtps://mail.example.com", from: "tusk@example.com" },
    cache: undefined,
    trust: {
      default: "warn",
      keys: {
        acme: { key: undefined, file: "/srv/app/acme.pub", plugins: ["acme-*"] },
        we: { key: "ssh-ed25519 AAAA", file: undefined, plugins: ["*"] },
      },
      lock: "/srv/app/tusk.lock",
      record: "/srv/app/versions.json",
      revoked: { keys: ["RWa"], builds: ["ab".repeat(32)], file: "/srv/app/revoked.json" },
    },
    inspection: { refuse: ["start-section"] },
    workers: { threads: 3, heapBytes: 268_435_456 },
    history: { builds: 5, maxBytes: 1_048_576 },
    log: { level: "debug", file: "/srv/app/tusk.log", format: "text" },
    cacheDir: "/srv/app/.cache",
    file: undefined,
    sources: [],
    baseFolder: "/srv/app",
    secrets: settings.secrets,
  });
});

test("the input is neither changed nor kept, and the result cannot be changed", async () => {
  const input = { a: { config: { list: [{ b: 1 }] }, dependencies: ["b?"] } };
  const before = structuredClone(input);
  const settings = await parseSettings(input);
  assert.ok(isDeepStrictEqual(input, before));
  input.a.config.list.push({ b: 2 });
  assert.deepEqual(settings.plugins["a"]?.config, { list: [{ b: 1 }] });
  const frozen: unknown[] = [
    settings,
    settings.plugins,
    settings.plugins["a"]?.config["list"],
    settings.http,
  ];
  assert.ok(frozen.every((part) => Object.isFrozen(part)));
  assert.throws(() => (settings.secrets as Set<string>).add("x"), TypeError);
});

test("a constant of the program can be settings", async () => {
  const constant = {
    plugins: { a: { dependencies: ["b?"], permissions: { "http-client": ["c.d"] }, config: { list: [1] } } },
  } as const;
  const { plugins } = await parseSettings(constant);
  assert.deepEqual(plugins["a"]?.config, { list: [1] });
});

test("SandboxConfig's keys are translated", async () => {
  const sandbox = {
    allow_network: true,
    allow_file_system: true,
    allow_database: true,
    max_memory_mb: 5,
    max_execution_time_sec: 2,
  };
  const { permissions, limits } = await pluginOf({ sandbox });
  assert.deepEqual(permissions, {
    cache: false,
    database: [{ name: "*", access: "write" }],
    httpClient: [{ host: "*", port: undefined, methods: undefined }],
    filesystem: [{ path: "/", access: "write" }],
    mail: undefined,
  });
  assert.equal(limits.memoryBytes, 5_242_880);
  assert.equal(limits.timeoutMs, 2000);
  const agreeing = await pluginOf({
    sandbox: { max_memory_mb: 5, allow_network: false },
    limits: { memoryBytes: "5MB" },
  });
  assert.equal(agreeing.limits.memoryBytes, 5_242_880);
});

test("what contradicts itself is refused, all at once", async () => {
  const reports = await reportOfPlugin({
    instances: 4,
    sandbox: { allow_network: false, allow_database: true, max_memory_mb: 5, max_execution_time_sec: 2 },
    limits: { timeoutMs: 1000, cpuMs: "1m", memoryBytes: "6MB", totalMemoryBytes: "4MB" },
    permissions: { "http-client": ["a.b", { host: "a.b:1", port: 2 }], database: ["main"], filesystem: [] },
    dependencies: ["b", "b@^1"],
    secret: ["password.old"],
    config: { password: "x" },
  });
  assert.deepEqual(reports.toSorted(), [
    "dependencies[1]: Is there already: a plugin is named once.",
    "limits.cpuMs: Can never be reached: a call ends after 1000 ms (timeoutMs).",
    "limits.memoryBytes: Contradicts max_memory_mb in sandbox, which is 5. Write one of them.",
    "limits.timeoutMs: Contradicts max_execution_time_sec in sandbox, which is 2. Write one of them.",
    "limits.totalMemoryBytes: Is less than one instance may have: 6291456 (memoryBytes).",
    "permissions.database: Contradicts allow_database in sandbox, which is true. Write one of them.",
    "permissions.http-client: Contradicts allow_network in sandbox, which is false. Write one of them.",
    "permissions.http-client[1].port: Is written in the host already.",
    "secret[0]: Names nothing in config.",
  ]);
});

test("every mistake is told at once, with the nearest name, and with what is right beside it still checked", async () => {
  const reports = await reportOfPlugin({
    enabeld: true,
    limits: { timeoutMs: "soon", memoryBytes: "6MB", totalMemoryBytes: "4MB", memory: 1, queueLength: 1.5 },
    placement: "wroker",
    instances: 0,
    load_order: -1,
    config: [1],
    path: "",
    permissions: {
      peers: [],
      database: [{ nam: "x", access: "all" }, 5],
      "http-client": ["https://a.b/", { host: "a b", methods: [] }],
      filesystem: ["/tmp"],
      mail: ["example.com", "Ada <ada@example.com>"],
    },
    dependencies: ["a b", "b@x.y", 5],
  });
  assert.deepEqual(reports.toSorted(), [
    "config: Should be an object, and is a list.",
    'dependencies[0]: Should be the name of a plugin, such as "postgres", "postgres@^1" or "postgres?", and is "a b".',
    'dependencies[1]: Has no range of versions behind its @: write one such as "^1", "~1.2" or ">=1.0.0 <2", and is "b@x.y".',
    "dependencies[2]: Should be a text, and is 5.",
    'enabeld: There is no setting "enabeld" here. Did you mean "enabled"?',
    "instances: Should be at least 1, and is 0.",
    'limits.memory: There is no setting "memory" here.',
    "limits.queueLength: Should be a whole number, and is 1.5.",
    'limits.timeoutMs: Should be a number, or a text such as "30s", and is "soon".',
    "limits.totalMemoryBytes: Is less than one instance may have: 6291456 (memoryBytes).",
    "load_order: Should be at least 0, and is -1.",
    'path: Should not be empty, and is "".',
    'permissions.database[0].access: Should be "read" or "write", and is "all".',
    'permissions.database[0].nam: There is no setting "nam" here. Did you mean "name"?',
    "permissions.database[0].name: Is missing.",
    "permissions.database[1]: Should be a text or an object, and is 5.",
    'permissions.filesystem[0]: Should be an object, and is "/tmp".',
    'permissions.http-client[0]: Should be a host without scheme and path, such as "api.example.com", and is "https://a.b/".',
    'permissions.http-client[1].host: Should be a host, such as "api.example.com", "*.example.com:8443", "[::1]" or "*", and is "a b".',
    "permissions.http-client[1].methods: Should not be empty, and is a list.",
    'permissions.mail[0]: Should be an address, such as "ada@example.com", "*@example.com" or "*", and is "example.com".',
    'permissions.mail[1]: Should be an address, such as "ada@example.com", "*@example.com" or "*", and is "Ada <ada@example.com>".',
    'permissions.peers: There is no setting "peers" here.',
    'placement: Should be "inline" or "worker", and is "wroker". Did you mean "worker"?',
  ]);
});

test("a grant of a database that there is not is refused, with the nearest one", async () => {
  const grants = ["mian", "*", "sqlite::memory:", "main", { name: "other" }] as const;
  assert.deepEqual(await reportOfPlugin({ permissions: { database: grants } }), [
    'permissions.database[0]: Names no database: the settings have main, and it is no URL. Did you mean "main"?',
    "permissions.database[4]: Names no database: the settings have main, and it is no URL.",
  ]);
});

test("a trusted key is either written down or in a file, and a hash is one", async () => {
  const trust = { keys: { acme: { plugins: ["*"] }, both: { key: "a", file: "b", plugins: ["a b"] } } };
  const reports = await reportOf(parseSettings({ plugins: { a: { sha256: "abc" } }, trust }));
  assert.deepEqual(reports, [
    'plugins.a.sha256: Should be a SHA-256: 64 hexadecimal digits, and is "abc".',
    'trust.keys.both.plugins[0]: Should be the name of a plugin, in which "*" stands for any characters, and is "a b".',
    'trust.keys.acme: Should have either "key" or "file".',
    'trust.keys.both: Should have either "key" or "file".',
  ]);
});

test("a quantity out of its range is refused in the unit of the host", async () => {
  assert.deepEqual(await reportOfPlugin({ limits: { timeoutMs: "100d", memoryBytes: "1KB" } }), [
    'limits.timeoutMs: Should be at most 2147483647, and is "100d".',
    'limits.memoryBytes: Should be at least 65536, and is "1KB".',
  ]);
});

test("a name that cannot be a plugin's is refused", async () => {
  const names = ["a/b", "", "1a", "..", "ä", "x".repeat(65)];
  for (const name of names) {
    const [report = ""] = await reportOf(parseSettings({ [name]: {} }));
    assert.match(report, /Should be a name of letters, digits, - and _/);
  }
  const [report = ""] = await reportOf(parseSettings({ plugins: { plugins: {} } }));
  assert.match(report, /and not "plugins"/);
});

test("a setting of the host among plugins alone is refused, unless it is a plugin", async () => {
  assert.deepEqual(await reportOf(parseSettings({ a: {}, folder: "x" } as unknown as SettingsInput)), [
    'folder: Is a setting of the host, and stands beside a key "plugins" that holds the plugins.',
  ]);
  const { plugins } = await parseSettings({ http: { config: { port: 1 } } });
  assert.deepEqual(Object.keys(plugins), ["http"]);
});

test("what is no JSON is refused where it is", async () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  const config = { f: () => 1, n: NaN, d: new Date(), u: undefined, m: new Map(), loop };
  const reports = await reportOf(parseSettings({ a: { config: config as unknown as JsonObject } }));
  assert.deepEqual(reports.slice(0, 4), [
    "a.config.f: Should be a value that JSON has, and is a function.",
    "a.config.n: Should be a value that JSON has, and is NaN.",
    "a.config.d: Should be a value that JSON has, and is an object of a class.",
    "a.config.m: Should be a value that JSON has, and is an object of a class.",
  ]);
  assert.match(
    reports[4] ?? "",
    /^a\.config\.loop\.self\..*Is nested deeper than 64 levels, or in itself\.$/,
  );
  assert.deepEqual(await reportOf(parseSettings(5 as unknown as SettingsInput)), [
    "Settings are an object, and this is 5.",
  ]);
});

test("operators in the texts of JSON take the type of what they give, and the text of it inside a text", async () => {
  const text = JSON.stringify({
    plugins: {
      a: {
        enabled: "@env('ON', true)",
        limits: { timeoutMs: "@env('T', 5)" },
        config: {
          port: "@env('PORT', 80)",
          url: "http://@env('HOST', 'h'):@env('PORT', 80)/x",
          list: "@json_decode('[1]')",
          mail: "a@example.com",
          kept: "\\@env('PORT') and \\@ and ${PORT}",
        },
      },
    },
    http: { port: "@if(true, 1, 2)" },
  });
  const { plugins, http } = await parseSettingsText(text, "json", { env: { PORT: "81", T: "7" } });
  assert.equal(plugins["a"]?.limits.timeoutMs, 7);
  assert.deepEqual(plugins["a"]?.config, {
    port: 81,
    url: "http://h:81/x",
    list: [1],
    mail: "a@example.com",
    kept: "@env('PORT') and \\@ and ${PORT}",
  });
  assert.equal(http.port, 1);
});

test("an operator's value is checked as if it had been written, and shown where the operator is", async () => {
  const text = `{ "a": {\n  "instances": "@env('N', 0)",\n  "path": "@env.get('NONE')/x" } }`;
  assert.deepEqual(await reportOf(parseSettingsText(text, "json")), [
    "2:17 a.instances: Should be at least 1, and is 0.",
    "3:12 a.path: This is null, and no text can be made of it.",
  ]);
});

test("JSON that is none is shown with its line and column", async () => {
  const cases = {
    '{"a": {': "1:8 A name in double quotes is expected here, and not the end.",
    '{\n  "a": {},\n}': '3:1 A name in double quotes is expected here, and not "}".',
    '{"a": tru}': '1:7 A value is expected here, and not "tru".',
    '{"a" {}}': '1:6 A : is expected here, and not "{".',
    "{'a': 1}": '1:2 A name in double quotes is expected here, and not "\'".',
    '{"a": {}} x': '1:11 "x" is too much here.',
    '{"a": [1 2]}': '1:10 A ] is expected here, and not "2".',
    '{"a": 01}': '1:8 A } is expected here, and not "1".',
    '{"a": "x\ny"}': '1:7 This string is not closed: " is missing.',
    '{"a": "\\x"}': "1:8 There is no such escape. Write \\\\ for a backslash.",
    '{"a": 12345678901234567890}': "1:7 This number is too large to be kept exactly. Put it in quotes.",
    "": "1:1 A value is expected here, and not the end.",
    ['{"a":'.repeat(70)]: "1:322 This is nested deeper than 64 levels.",
  };
  for (const [text, report] of Object.entries(cases)) {
    assert.deepEqual(await reportOf(parseSettingsText(text, "json")), [report]);
  }
  assert.deepEqual(await reportOf(parseSettingsText('{"a": {}, "a": {}, "__proto__": {}}', "json")), [
    '1:11 a: "a" is set already: a name is given once.',
    '1:20 __proto__: A setting cannot have the name "__proto__".',
  ]);
});

test("the two forms are the same in .tsk", async () => {
  const map = '[a]\nload_order: 1\n[b]\ndependencies: ["a"]';
  const host = 'folder: "p"\n[plugins.a]\nload_order: 1\n[plugins.b]\ndependencies: ["a"]\n[http]\nport: 81';
  const first = await parseSettingsText(map, "tsk");
  const second = await parseSettingsText(host, "tsk");
  assert.deepEqual(Object.keys(first.plugins), ["a", "b"]);
  assert.deepEqual(first.plugins["b"]?.dependencies, second.plugins["b"]?.dependencies);
  assert.equal(second.plugins["a"]?.path, "p/a.wasm");
  assert.equal(second.http.port, 81);
  assert.deepEqual(await reportOf(parseSettingsText("[a]\nlimts { x: 1 }\n[b]\ninstances: 0", "tsk")), [
    '2:1 a.limts: There is no setting "limts" here. Did you mean "limits"?',
    "4:12 b.instances: Should be at least 1, and is 0.",
  ]);
});
