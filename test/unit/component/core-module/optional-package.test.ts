import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  JCO,
  LOADER,
  resolveOptional,
  WASI_JS,
} from "../../../../host/component/core-module/optional-package.ts";
import { packageRoot } from "../../../../host/core/package-root.ts";
import { temporaryFolder } from "../../../kit/temporary-folder.ts";

const FILES = [
  [LOADER, "umd/index.js"],
  [WASI_JS, "dist/index.js"],
  [JCO, "lib/wasi_snapshot_preview1.reactor.wasm"],
] as const;
const folder = temporaryFolder();

for (const [needed, file] of FILES) {
  test(`what core modules need of ${needed.name} is found`, async () => {
    assert.ok((await readFile(resolveOptional(needed, file, "a"))).length > 0);
  });

  test(`without ${needed.name} a message says how to get it`, async () => {
    const from = pathToFileURL(await folder.write("nowhere.js", "")).href;
    assert.throws(() => resolveOptional(needed, file, "a", from), {
      code: "PACKAGE_MISSING",
      message: new RegExp(`^Plugin "a" is a .* takes the package ${needed.name}, .* Run "npm install .*"`),
    });
  });
}

test("the packages that plain modules need are optional dependencies of this one", async () => {
  const { optionalDependencies } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as {
    optionalDependencies: Record<string, string>;
  };
  for (const { name } of [LOADER, WASI_JS]) assert.ok(name in optionalDependencies, name);
});
