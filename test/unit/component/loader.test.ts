import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import {
  ComponentLoader,
  inspectComponent,
  type InspectedComponent,
} from "../../../host/component/loader.ts";
import { Transpiler } from "../../../host/component/transpile.ts";
import { HostError } from "../../../host/core/error.ts";
import { fixture } from "../../kit/fixtures.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

const LIMITS = { maxMemoryPages: 100, maxTableElements: 1_000, fuel: "sliced" } as const;

suite("loading components", () => {
  const folder = temporaryFolder();
  let component: InspectedComponent;

  before(async () => {
    component = inspectComponent(await readFile(fixture("api")), "api");
  });

  async function load(cacheFolder: string, meanwhile?: () => Promise<unknown>): Promise<void> {
    await using loader = await ComponentLoader.create(cacheFolder);
    await meanwhile?.();
    await loader.load(component, "api", LIMITS);
  }

  test("a cache folder that others could write to is refused", async () => {
    const open = join(folder.path, "open");
    await mkdir(open);
    await chmod(open, 0o777);
    await assert.rejects(ComponentLoader.create(open), (error) => HostError.is(error, "CACHE_UNSAFE"));
  });

  test("a cache folder in a folder where others could put another one is refused", async () => {
    const shared = join(folder.path, "shared");
    await mkdir(join(shared, "mine", "cache"), { recursive: true, mode: 0o700 });
    await chmod(shared, 0o777);
    const inside = join(shared, "mine", "cache");
    await assert.rejects(ComponentLoader.create(inside), (error) => HostError.is(error, "CACHE_UNSAFE"));
    await symlink(inside, join(folder.path, "link"));
    await assert.rejects(
      ComponentLoader.create(join(folder.path, "link")),
      (error) => HostError.is(error, "CACHE_UNSAFE") && error.details.reason.includes("shared"),
    );
    // As folders for temporary files are: there nobody can rename what is another's.
    await chmod(shared, 0o1777);
    await using _ = await ComponentLoader.create(inside);
  });

  test("a cache folder that is gone keeps nothing from being loaded", async () => {
    const cache = join(folder.path, "gone");
    await load(cache, () => rm(cache, { recursive: true }));
  });

  test("what was changed in the cache is not run", async () => {
    const cache = join(folder.path, "changed");
    await load(cache);
    const [name = ""] = await readdir(cache);
    const file = join(cache, name);
    const written = await readFile(file);
    await writeFile(
      file,
      written.map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
    );
    await load(cache);
    assert.deepEqual(await readFile(file), written);
  });

  test("what is asked for while the idle thread ends gets a thread of its own", async () => {
    await using transpiler = new Transpiler();
    const transpile = () =>
      transpiler.transpile(component.kind, component.bytes, "api", component.shape, LIMITS);
    await transpile();
    const ending = transpiler[Symbol.asyncDispose]();
    assert.ok((await transpile()).modules.size > 0);
    await ending;
  });
});
