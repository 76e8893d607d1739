import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { createHost, type Host, type HostEvent, parseSettings, type Settings } from "tusk-host";
import type { HostSettingsInput } from "../../host/config/settings-schema.ts";
import { withIdentity } from "../../host/security/signature/signed-identity.ts";
import { SecretKey } from "../../host/security/signature/secret-key.ts";
import { signDetached, signEmbedded } from "../../host/security/signature/wasm-signature.ts";
import { writeLockFile } from "../../host/security/trust/lock-file.ts";
import { buildWat } from "../hostile/wat-plugin.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("what a host trusts", () => {
  const folder = temporaryFolder();
  const author = SecretKey.generate();
  const withKeyId = { withKeyId: true };

  const AUTHOR: HostSettingsInput["trust"] = {
    default: "require",
    keys: { author: { key: author.publicKey.toOpenSsh(), plugins: ["wat"] } },
  };

  /** A plugin "wat" 1.0.0 that is signed; `pages` makes it another build. */
  async function signed(pages = 2, identity = { name: "wat", version: "1.0.0" }): Promise<Buffer> {
    const bytes = withIdentity(await buildWat({ memory: String(pages) }), "wat", identity);
    return signEmbedded(bytes, "wat", author, withKeyId);
  }

  async function settingsWith(name: string, more: Omit<HostSettingsInput, "plugins"> = { trust: AUTHOR }) {
    return parseSettings({ plugins: { wat: { path: join(folder.path, name) } }, ...more });
  }

  function startHost(settings: Settings, watch = false): Promise<Host> {
    return createHost({ settings, folder: null, watch });
  }

  test("a signed plugin is loaded and swapped, and its status says by whom it is signed", async () => {
    await folder.write("a/wat.wasm", await signed());
    await using host = await startHost(await settingsWith("a/wat.wasm"));
    const expected = { kind: "signed", keys: ["author"], warnings: [] };
    assert.deepEqual(host.plugin("wat").status().trust, expected);
    await folder.write("a/wat.wasm", await signed(3));
    assert.equal(await host.reload("wat"), true);
    assert.deepEqual(host.plugin("wat").status().trust, expected);
  });

  const revocations = (name: string, builds: readonly (string | undefined)[], keys: readonly string[] = []) =>
    folder.write(`${name}/revoked.json`, JSON.stringify({ revocationVersion: 1, keys, builds }));

  const stateOf = (host: Host) => {
    const { state, problem } = host.plugin("wat").status();
    return [state, problem?.code];
  };

  test("a build that serves is ended when it is revoked, once its calls have, and comes back when it is not any more", async () => {
    await folder.write("r/wat.wasm", await signed());
    const file = await revocations("r", []);
    const settings = await settingsWith("r/wat.wasm", { trust: { ...AUTHOR, revoked: { file } } });
    await using host = await startHost(settings, true);
    const events = host.events();
    const { hash } = host.plugin("wat").status();
    const calls = Array.from({ length: 5 }, () => host.plugin("wat").database.executeQuery("", [7]));
    await revocations("r", [hash]);
    await next(events, "failed");
    assert.deepEqual(
      await Promise.all(calls),
      Array.from(calls, () => [7]),
    );
    assert.deepEqual(stateOf(host), ["failed", "BUILD_REVOKED"]);
    await assert.rejects(host.plugin("wat").database.executeQuery("", []), { code: "PLUGIN_NOT_SERVING" });
    await assert.rejects(host.reload("wat"), { code: "BUILD_REVOKED" });
    await revocations("r", []);
    await next(events, "serving");
    assert.deepEqual(stateOf(host), ["serving", undefined]);
    await revocations("r", [], [author.publicKey.toOpenSsh()]);
    await next(events, "failed");
    assert.deepEqual(stateOf(host), ["failed", "KEY_REVOKED"]);
  });

  test("a build that was revoked is swapped for the one in its file, if that may run, and is brought back by nothing", async () => {
    await folder.write("s/wat.wasm", await signed());
    await using host = await startHost(await settingsWith("s/wat.wasm"));
    const { hash } = host.plugin("wat").status();
    await folder.write("s/wat.wasm", await signed(3));
    const events = Array.fromAsync(host.events());
    await host.apply(
      await settingsWith("s/wat.wasm", { trust: { ...AUTHOR, revoked: { builds: [hash ?? ""] } } }),
    );
    assert.deepEqual(stateOf(host), ["serving", undefined]);
    await assert.rejects(host.rollback("wat"), { code: "BUILD_REVOKED" });
    await host.shutdown();
    const types = (await events).map(({ type }) => type);
    assert.deepEqual(types, ["swapped", "refused", "stopped"]);
  });

  test("a lock file that changes alone has a build tried again that it refused", async () => {
    const path = await folder.write("t/wat.wasm", await signed());
    const lock = join(folder.path, "t/tusk.lock");
    await writeLockFile(lock, {});
    const settings = await settingsWith("t/wat.wasm", { trust: { ...AUTHOR, lock } });
    await using host = await startHost(settings, true);
    assert.deepEqual(stateOf(host), ["failed", "LOCK_DIFFERS"]);
    const events = host.events();
    const bytes = await readFile(path);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await writeLockFile(lock, { wat: { sha256, sizeBytes: bytes.length } });
    await next(events, "serving");
    await writeLockFile(lock, {});
    await next(events, "refused");
    assert.deepEqual(stateOf(host), ["serving", "LOCK_DIFFERS"]);
  });

  test("a key file that changes is read again, and one that cannot be keeps what was trusted before", async () => {
    await folder.write("u/wat.wasm", await signed());
    const file = await folder.write("u/key.pub", SecretKey.generate().publicKey.toOpenSsh());
    const trust = { default: "require", keys: { author: { file, plugins: ["wat"] } } } as const;
    await using host = await startHost(await settingsWith("u/wat.wasm", { trust }), true);
    assert.deepEqual(stateOf(host), ["failed", "SIGNER_UNKNOWN"]);
    const events = host.events();
    await folder.write("u/key.pub", author.publicKey.toOpenSsh());
    await next(events, "serving");
    await folder.write("u/key.pub", "no key");
    const told = await next(events, "warned");
    assert.equal("error" in told && told.error?.code, "KEY_UNREADABLE");
    assert.deepEqual(stateOf(host), ["serving", undefined]);
  });

  test("nothing of a plugin that is not trusted runs", async () => {
    // It would never come to an end.
    const bytes = await buildWat({ fields: "(func $spin (loop $again (br $again))) (start $spin)" });
    await folder.write("b/wat.wasm", bytes);
    await using host = await startHost(await settingsWith("b/wat.wasm"));
    const { state, problem } = host.plugin("wat").status();
    assert.deepEqual([state, problem?.code], ["failed", "SIGNATURE_MISSING"]);
  });

  test("a build that is not trusted leaves the old generation serving", async () => {
    const good = await signed();
    await folder.write("c/wat.wasm", good);
    await using host = await startHost(await settingsWith("c/wat.wasm"));
    const changed = Buffer.from(good);
    changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
    for (const [build, code] of [
      [await buildWat({ memory: "4" }), "SIGNATURE_MISSING"],
      [changed, "SIGNATURE_INVALID"],
      [await signed(2, { name: "wat", version: "0.9.0" }), "VERSION_OLDER"],
      [await signed(2, { name: "other", version: "1.0.0" }), "SIGNED_NAME"],
      // What it answers is 1.0.0.
      [await signed(2, { name: "wat", version: "1.1.0" }), "SIGNED_NAME"],
    ] as const) {
      await folder.write("c/wat.wasm", build);
      await assert.rejects(host.reload("wat"), { code });
      const { state, generation, problem } = host.plugin("wat").status();
      assert.deepEqual([state, generation, problem?.code], ["serving", 1, code]);
    }
    assert.deepEqual(await host.plugin("wat").database.executeQuery("", [1]), [1]);
  });

  test("an older version is taken when a rollback is asked for", async () => {
    const record = await folder.write(
      "d/versions.json",
      JSON.stringify({ recordVersion: 1, plugins: { wat: "2.0.0" } }),
    );
    const file = await folder.write("d/wat.wasm", await signed());
    const settings = await settingsWith("d/wat.wasm", { trust: { ...AUTHOR, record } });
    await using host = await startHost(settings);
    assert.equal(host.plugin("wat").status().problem?.code, "VERSION_OLDER");
    await host.load(file, undefined, { older: true });
    assert.equal(host.plugin("wat").status().state, "serving");
    assert.match(await readFile(record, "utf8"), /"wat": "1\.0\.0"/);
  });

  test("a key that is taken out of the settings is noticed, and what serves says so and goes on", async () => {
    await folder.write("e/wat.wasm", await signed());
    await using host = await startHost(await settingsWith("e/wat.wasm"));
    await host.apply(await settingsWith("e/wat.wasm", { trust: { default: "require" } }));
    const { state, problem } = host.plugin("wat").status();
    assert.deepEqual([state, problem?.code], ["serving", "SIGNER_UNKNOWN"]);
    await host.apply(await settingsWith("e/wat.wasm"));
    assert.equal(host.plugin("wat").status().problem, undefined);
  });

  test("what serves says by whom it is signed when other keys and signatures are there, and is not swapped", async () => {
    const bytes = await buildWat({});
    const file = await folder.write("i/wat.wasm", bytes);
    const warn = (trust: HostSettingsInput["trust"]) =>
      settingsWith("i/wat.wasm", { trust: { ...trust, default: "warn" } });
    await using host = await startHost(await warn({}));
    const trusted = () => {
      const { generation, trust } = host.plugin("wat").status();
      return [generation, trust?.kind, trust?.keys, trust?.warnings.map(({ code }) => code)];
    };
    assert.deepEqual(trusted(), [1, "untrusted", [], ["SIGNATURE_MISSING"]]);
    await folder.write("i/wat.wasm.sig", signDetached(bytes, file, author, withKeyId));
    assert.equal(await host.reload("wat"), false);
    assert.deepEqual(trusted(), [1, "untrusted", [], ["SIGNER_UNKNOWN"]]);
    await host.apply(await warn(AUTHOR));
    assert.deepEqual(trusted(), [1, "signed", ["author"], []]);
    // What a rollback would bring back is what is signed now, and not what was read with it.
    await folder.write("i/wat.wasm", await signed(3));
    await host.apply(await settingsWith("i/wat.wasm"));
    assert.deepEqual(trusted(), [2, "signed", ["author"], []]);
    await host.rollback("wat");
    assert.deepEqual(trusted(), [3, "signed", ["author"], []]);
  });

  test("a signature that comes after its file is seen", async () => {
    const bytes = await buildWat({});
    const file = await folder.write("f/wat.wasm", bytes);
    await using host = await startHost(await settingsWith("f/wat.wasm"), true);
    const events = host.events();
    assert.equal(host.plugin("wat").status().problem?.code, "SIGNATURE_MISSING");
    await folder.write("f/wat.wasm.sig", signDetached(bytes, file, author, withKeyId));
    await next(events, "serving");
    assert.equal(host.plugin("wat").status().trust?.kind, "signed");
  });

  test("with the trust warn a plugin serves, and once it is told why it is not trusted", async () => {
    await folder.write("g/wat.wasm", await buildWat({}));
    const host = await startHost(await settingsWith("g/wat.wasm", { trust: { ...AUTHOR, default: "warn" } }));
    const events = host.events();
    assert.deepEqual(
      host
        .plugin("wat")
        .status()
        .trust?.warnings.map(({ code }) => code),
      ["SIGNATURE_MISSING"],
    );
    await folder.write("g/wat.wasm", await buildWat({ memory: "3" }));
    await host.reload("wat");
    await host.shutdown();
    const types = await Array.fromAsync(events, ({ type }) => type);
    assert.deepEqual(types, ["swapped", "stopped"]);
  });

  test("a build with a finding that the settings refuse is refused, and says which", async () => {
    await folder.write("h/wat.wasm", await buildWat({ fields: "(func $nothing) (start $nothing)" }));
    const settings = await settingsWith("h/wat.wasm", { inspection: { refuse: ["start-section"] } });
    await using host = await startHost(settings);
    const { problem } = host.plugin("wat").status();
    assert.equal(problem?.code, "FINDING_REFUSED");
    assert.match(problem.message, /start-section in "core module 0/);
  });

  test("a host whose settings name a key that cannot be used does not start", async () => {
    const settings = await settingsWith("a/wat.wasm", {
      trust: { keys: { lost: { file: join(folder.path, "lost.pub"), plugins: ["*"] } } },
    });
    await assert.rejects(startHost(settings), { code: "KEY_UNREADABLE" });
  });
});

/** The next event of a type. */
async function next(events: AsyncIterator<HostEvent>, type: HostEvent["type"]): Promise<HostEvent> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`The host has ended without "${type}".`);
    if (value.type === type) return value;
  }
}
