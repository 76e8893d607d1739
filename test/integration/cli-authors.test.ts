import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { BuildResult } from "../../host/build/build-result.ts";
import { buildWat } from "../hostile/wat-plugin.ts";
import { fixture } from "../kit/fixtures.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { tusk } from "../kit/tusk.ts";

suite("the commands for authors", () => {
  const folder = temporaryFolder();

  test("tusk test says what holds of a plugin, and ends with 0", async () => {
    const { code, stdout, stderr } = await tusk(["test", fixture("api")]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^api {2}\d+ facts hold\n {2}✔ is loaded and initialised/);
  });

  test("tusk test says what does not hold, writes it for a build server, and ends with 1", async () => {
    const file = await folder.write("broken.wasm", await buildWat({ shutdown: "(unreachable)" }));
    const junit = join(folder.path, "report.xml");
    const { code, stdout } = await tusk(["test", "--json", "--junit", junit, file]);
    assert.equal(code, 1);
    const [report] = JSON.parse(stdout) as {
      plugin: string;
      checks: { name: string; failure?: { code: string } }[];
    }[];
    assert.equal(report?.plugin, "broken");
    const shutsDown = report?.checks.find(({ name }) => name === "shuts down");
    assert.equal(shutsDown?.failure?.code, "PLUGIN_TRAPPED");
    assert.match(await readFile(junit, "utf8"), /name="shuts down".*<failure type="PLUGIN_TRAPPED">/);
  });

  test("tusk test knows the plugins of the settings that it is told to use", async () => {
    const settings = await folder.write("other.json", JSON.stringify({ plugins: { apis: {} } }));
    const { code, stderr } = await tusk(["test", "--config", settings, fixture("api")]);
    assert.notEqual(code, 0);
    assert.match(stderr, /PLUGIN_UNKNOWN.*Did you mean "apis"\?/);
  });

  test("tusk new begins a plugin, and names the commands that are next", async () => {
    const dir = join(folder.path, "greeter");
    const begun = await tusk(["new", "greeter", "--dir", dir]);
    assert.equal(begun.code, 0);
    assert.match(begun.stdout, /http plugin in AssemblyScript/);
    assert.match(begun.stderr, /npm install/);
    assert.equal((await tusk(["new", "greeter", "--dir", dir])).code, 2);
  });

  test("tusk build --plain leaves a core module, which is tested and loaded like a component", async () => {
    const dir = join(folder.path, "plain");
    assert.equal((await tusk(["new", "plain", "--dir", dir])).code, 0);
    const built = await tusk(["build", "--plain", "--json", dir]);
    const [{ file, sizeBytes, coreSizeBytes }] = JSON.parse(built.stdout) as [BuildResult];
    assert.equal(sizeBytes, coreSizeBytes);
    assert.deepEqual(
      [...(await readFile(file)).subarray(4, 8)],
      [1, 0, 0, 0],
      "the version of a core module",
    );
    const tested = await tusk(["test", file, "--config", join(dir, "tusk.json")]);
    assert.equal(tested.code, 0, tested.stdout);
    const [component] = JSON.parse((await tusk(["build", "--json", dir])).stdout) as [BuildResult];
    assert.deepEqual([component.cached, component.file], [false, file]);
  });
});
