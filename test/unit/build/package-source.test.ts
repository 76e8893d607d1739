import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { resolvePackageSource } from "../../../host/build/package-source.ts";
import { packageRoot, packageVersion } from "../../../host/core/package-root.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

suite("where a new plugin takes the host and the SDKs from", () => {
  const folder = temporaryFolder();
  const root = realpathSync(folder.path);
  const rustSdk = "node_modules/tusk-host/examples/rust/sdk";

  /** A folder in which npm has installed both packages, and says so of each. */
  async function installed(name: string, lock: (name: string) => object): Promise<string> {
    const packages = ["tusk-host", "tusk-plugin-as"];
    for (const own of packages) {
      await folder.write(join(name, "node_modules", own, "package.json"), JSON.stringify({ name: own }));
    }
    const entries = packages.map((own) => [`node_modules/${own}`, lock(own)]);
    const text = JSON.stringify({ packages: Object.fromEntries(entries) });
    await folder.write(join(name, "node_modules/.package-lock.json"), text);
    return join(root, name, "node_modules/tusk-host");
  }

  test("is a registry, by version, where npm took them from one", async () => {
    const version = `^${packageVersion}`;
    const ours = await installed("registry", (name) => ({
      resolved: `https://registry.invalid/${name}.tgz`,
    }));
    assert.deepEqual(await resolvePackageSource(join(root, "elsewhere"), ours), {
      host: version,
      sdk: version,
      rustSdk,
    });
    const unsaid = await installed("unsaid", () => ({ version: "0.1.0" }));
    const inside = await resolvePackageSource(join(root, "unsaid/plugins/ledger"), unsaid);
    assert.deepEqual([inside.host, inside.rustSdk], [version, `../../${rustSdk}`]);
  });

  test("is where they are, where npm took them from a file or a folder", async () => {
    const expected = {
      host: "file:../tools/node_modules/tusk-host",
      sdk: "file:../tools/node_modules/tusk-plugin-as",
      rustSdk: `../tools/${rustSdk}`,
    };
    for (const lock of [{ resolved: "file:../tusk-host-0.1.0.tgz" }, { resolved: "../host", link: true }]) {
      const ours = await installed("tools", () => lock);
      assert.deepEqual(await resolvePackageSource(join(root, "ledger"), ours), expected);
    }
  });

  test("is where they are, where nobody knows where they came from", async () => {
    await folder.write("global/tusk-host/package.json", "{}");
    const ours = join(root, "global/tusk-host");
    const { host, rustSdk: sdk } = await resolvePackageSource(join(root, "ledger"), ours);
    assert.deepEqual([host, sdk], ["file:../global/tusk-host", "../global/tusk-host/examples/rust/sdk"]);
  });

  test("is this repository for those who work in it", async () => {
    assert.deepEqual(await resolvePackageSource(join(packageRoot, "ledger")), {
      host: "file:..",
      sdk: "file:../plugins-as/sdk",
      rustSdk: "../examples/rust/sdk",
    });
  });
});
