import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fixture } from "../kit/fixtures.ts";
import { SIGNATURES, signedFixture } from "../kit/signed-fixture.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { tusk } from "../kit/tusk.ts";

/** In CI it must be there: `.ci/run` installs it. */
const hasWasmsign2 = spawnSync("wasmsign2", ["--version"]).status === 0;
const skipWasmsign2 =
  hasWasmsign2 || process.env["CI"] ? false : "wasmsign2 is not installed: cargo install wasmsign2-cli";

suite("signing on the command line", () => {
  const folder = temporaryFolder();
  const env = { XDG_CACHE_HOME: join(folder.path, "cache"), XDG_STATE_HOME: join(folder.path, "state") };
  const run = (...args: string[]) => tusk(args, { cwd: folder.path, env });

  test("keygen makes a pair that signs and verifies, and never overwrites one", async () => {
    for (const format of ["raw", "pem"]) {
      const made = await run("keygen", format, "--format", format);
      assert.equal(made.code, 0);
      assert.match(
        made.stdout,
        /"trust": \{ "default": "require", "keys": \{ "(raw|pem)": \{"key":"ssh-ed25519 /,
      );
      assert.equal((await stat(join(folder.path, `${format}.key`))).mode & 0o077, 0);
      await copyFile(fixture("api"), join(folder.path, `${format}.wasm`));
      assert.equal((await run("sign", `${format}.wasm`, "--key", `${format}.key`)).code, 0);
      const { code, stdout } = await run("verify", `${format}.wasm`, "--key", `${format}.pub`);
      assert.deepEqual([code, stdout.includes("is signed with")], [0, true]);
    }
    const again = await run("keygen", "raw");
    assert.equal(again.code, 2);
    assert.match(again.stderr, /may be the only copy of a key/);
  });

  test("sign writes the same as wasmsign2, and keeps signatures that are there", async () => {
    await folder.write("component.wasm", signedFixture("component.wasm"));
    for (const key of ["author.key", "other.key"]) {
      assert.equal((await run("sign", "component.wasm", "--key", join(SIGNATURES, key))).code, 0);
    }
    const bytes = await readFile(join(folder.path, "component.wasm"));
    assert.deepEqual(bytes, signedFixture("component.both.wasm"));
    const again = await run("sign", "component.wasm", "--key", join(SIGNATURES, "other.key"));
    assert.deepEqual([again.code, again.stderr.includes("SIGNATURE_PRESENT")], [1, true]);
  });

  test("a detached signature stands beside the file, and verify finds it", async () => {
    const file = await folder.write("detached.wasm", signedFixture("component.wasm"));
    const key = join(SIGNATURES, "author.key");
    assert.equal((await run("sign", file, "--key", key, "--detached")).code, 0);
    assert.deepEqual(await readFile(`${file}.sig`), signedFixture("component.wasm.sig"));
    const { stdout } = await run("verify", file, "--key", join(SIGNATURES, "author.pub"), "--json");
    const { signers } = JSON.parse(stdout) as { signers: { keyId: string; format: string }[] };
    assert.deepEqual(
      signers.map(({ keyId, format }) => [keyId, format]),
      [["BDC498530B81C326B1CA5144", "wasm"]],
    );
  });

  test("what sign and verify cannot do is told, with what would help", async () => {
    const file = await folder.write("plain.wasm", signedFixture("component.wasm"));
    const key = join(SIGNATURES, "author.key");
    const open = join(SIGNATURES, "author.pub");
    const cases: [args: string[], code: number, message: RegExp][] = [
      [["sign", file], 2, /Required option '--key <file>' not specified/],
      [["sign", file, "--key", open], 2, /KEY_UNREADABLE.*tusk keygen/],
      [["sign", file, "--key", key, "--as", "api"], 2, /no name with a version, such as "api@1\.2\.0"/],
      [["sign", file, "--key", key, "--as", "api@1.0.0", "--detached"], 2, /Leave one of them out/],
      [["verify", file, "--key", open], 1, /SIGNATURE_MISSING.*tusk sign/],
      [
        ["verify", join(SIGNATURES, "component.ssh.wasm"), "--key", open],
        1,
        /SIGNER_UNKNOWN.*key [0-9A-F]{24}/,
      ],
      [["verify", join(SIGNATURES, "component.signed.wasm")], 1, /SIGNER_UNKNOWN.*there are none/],
    ];
    for (const [args, code, message] of cases) {
      const answer = await run(...args);
      assert.match(answer.stderr, message, args.join(" "));
      assert.equal(answer.code, code, args.join(" "));
    }
  });

  test("a site that requires signatures and a lock loads what both allow, and nothing else", async () => {
    const site = join(folder.path, "site");
    const config = await folder.write(
      "site/tusk.json",
      JSON.stringify({
        plugins: { api: { path: "api.wasm" } },
        folder: "none",
        trust: {
          default: "require",
          keys: { author: { file: join(SIGNATURES, "author.pub"), plugins: ["api"] } },
          lock: "tusk.lock",
        },
      }),
    );
    const api = await readFile(fixture("api"));
    await folder.write("site/api.wasm", api);
    const key = join(SIGNATURES, "author.key");
    assert.equal((await run("sign", join(site, "api.wasm"), "--key", key, "--as", "api@1.0.0")).code, 0);
    const problem = async () => {
      const { stdout } = await run("list", config, "--json");
      const [plugin] = JSON.parse(stdout) as { state: string; problem?: { code: string } }[];
      return plugin?.problem?.code ?? plugin?.state;
    };
    assert.equal(await problem(), "LOCK_UNREADABLE");
    assert.equal((await run("lock", config)).code, 0);
    assert.equal(await problem(), "serving");
    assert.equal((await run("lock", config, "--check")).code, 0);
    const { stdout } = await run("verify", join(site, "api.wasm"), "--config", config, "--plugin", "api");
    assert.match(stdout, /is signed with author \(BDC498530B81C326B1CA5144\) for api@1\.0\.0/);
    const other = await run("verify", join(site, "api.wasm"), "--config", config, "--plugin", "auth");
    assert.match(other.stderr, /SIGNER_NOT_ALLOWED/);
    await folder.write("site/api.wasm", api);
    assert.equal(await problem(), "LOCK_DIFFERS");
    const { code, stderr } = await run("lock", config, "--check");
    assert.deepEqual([code, stderr.includes("LOCK_DIFFERS")], [1, true]);
    await run("lock", config);
    assert.equal(await problem(), "SIGNATURE_MISSING");
  });

  test(
    "wasmsign2 verifies what is signed here, and here verifies what it signs",
    { skip: skipWasmsign2 },
    async () => {
      const wasmsign2 = (...args: string[]) => {
        const { status, stderr, stdout } = spawnSync("wasmsign2", args, {
          cwd: folder.path,
          encoding: "utf8",
        });
        return { status, said: `${stdout}${stderr}` };
      };
      assert.equal(wasmsign2("keygen", "-k", "theirs.key", "-K", "theirs.pub").status, 0);
      assert.equal((await run("keygen", "ours")).code, 0);
      for (const name of ["api", "conformance-as"] as const) {
        const ours = await folder.write(`ours-${name}.wasm`, await readFile(fixture(name)));
        assert.equal((await run("sign", ours, "--key", "ours.key", "--as", "api@1.0.0")).code, 0);
        assert.deepEqual(wasmsign2("verify", "-i", ours, "-K", "ours.pub").status, 0);
        assert.notEqual(wasmsign2("verify", "-i", ours, "-K", "theirs.pub").status, 0);
        const theirs = join(folder.path, `theirs-${name}.wasm`);
        assert.equal(
          wasmsign2("sign", "-i", fixture(name), "-o", theirs, "-k", "theirs.key", "-K", "theirs.pub").status,
          0,
        );
        assert.equal((await run("verify", theirs, "--key", "theirs.pub")).code, 0);
        const plain = await folder.write(`plain-${name}.wasm`, await readFile(fixture(name)));
        assert.equal((await run("sign", plain, "--key", "theirs.key", "--detached")).code, 0);
        assert.equal(wasmsign2("verify", "-i", plain, "-K", "theirs.pub", "-S", `${plain}.sig`).status, 0);
      }
    },
  );
});

suite("looking at binaries on the command line", () => {
  const folder = temporaryFolder();
  const run = (...args: string[]) => tusk(args, { cwd: folder.path });

  test("inspect --permissions tells what to write into the settings", async () => {
    const { code, stdout } = await run("inspect", "--permissions", fixture("conformance-as"));
    assert.equal(code, 0);
    assert.match(stdout, /add to its settings:\n {2}"permissions": \{ .*"cache": true/);
    const module = await run("inspect", "--permissions", join(SIGNATURES, "module.wasm"));
    assert.deepEqual([module.code, module.stderr.includes("CONTRACT_EXPORT_MISSING")], [1, true]);
  });

  test("diff tells in what two builds differ, and its exit code whether they do", async () => {
    const [api, other] = [fixture("api"), fixture("conformance-as")];
    const same = await run("diff", api, api);
    assert.deepEqual([same.code, same.stdout], [0, "They are the same.\n"]);
    const { code, stdout } = await run("diff", api, other);
    assert.equal(code, 1);
    assert.match(stdout, /permissions: \+ cache/);
    assert.match(stdout, /size: \d+ bytes → \d+ bytes/);
    const back = await run("diff", other, api, "--json");
    const { names } = JSON.parse(back.stdout) as { names: { what: string; removed: string[] }[] };
    assert.ok(names.find(({ what }) => what === "permissions")?.removed.includes("cache"));
  });

  test("scan tells what is unusual, as a table, as JSON and as SARIF, and fails from the severity asked for", async () => {
    const file = join(SIGNATURES, "component.wasm");
    const { code, stdout } = await run("scan", file);
    assert.equal(code, 0);
    assert.match(stdout, /note +unknown-section: component has the section "x"/);
    assert.equal((await run("scan", file, "--fail-on", "note")).code, 1);
    const json = JSON.parse((await run("scan", file, "--json")).stdout) as { findings: { rule: string }[] }[];
    assert.deepEqual(
      json[0]?.findings.map(({ rule }) => rule),
      ["unknown-section", "no-producers"],
    );
    const sarif = JSON.parse((await run("scan", file, "--sarif")).stdout) as { version: string };
    assert.equal(sarif.version, "2.1.0");
  });
});
