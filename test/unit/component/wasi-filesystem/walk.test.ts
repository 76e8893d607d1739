import assert from "node:assert/strict";
import { mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OpenFiles } from "../../../../host/component/wasi-filesystem/open-files.ts";
import { walk } from "../../../../host/component/wasi-filesystem/walk.ts";
import { WasiResources } from "../../../../host/component/wasi-resources.ts";
import { temporaryFolder } from "../../../kit/temporary-folder.ts";

const folder = temporaryFolder();

async function rooted(name: string) {
  const inner = join(folder.path, name, "inner");
  const outer = join(folder.path, name, "outer");
  for (const [path, text] of [
    [inner, "ours"],
    [outer, "a secret"],
  ] as const) {
    await mkdir(join(path, "sub"), { recursive: true });
    await writeFile(join(path, "sub/file"), text);
  }
  const resources = new WasiResources((reason) => new Error(reason));
  const files = new OpenFiles(resources);
  return { inner, outer, files, resources, root: await files.openGranted(inner) };
}

test(
  "a folder that is replaced by a link once a path has been followed leads nowhere else",
  { skip: platform() === "linux" ? false : "only Linux names what is open" },
  async () => {
    const { inner, outer, files, resources, root } = await rooted("replaced");
    using place = await walk(root, "sub/file", true, files);
    await rename(join(inner, "sub"), join(inner, "moved"));
    await symlink(join(outer, "sub"), join(inner, "sub"));
    assert.equal(await readFile(place.path, "utf8"), "ours");
    await assert.rejects(walk(root, "sub/file", true, files), (code) => code === "not-permitted");
    resources[Symbol.dispose]();
  },
);

test("a name that is replaced by a link once its path has been followed is not opened", async () => {
  const { inner, outer, files, resources, root } = await rooted("name");
  using place = await walk(root, "sub/file", true, files);
  await rename(join(inner, "sub/file"), join(inner, "sub/moved"));
  await symlink(join(outer, "sub/file"), join(inner, "sub/file"));
  await assert.rejects(files.open(place.path, 0), { code: "ELOOP" });
  resources[Symbol.dispose]();
});

test("what is no way inside is refused before the system is asked", async () => {
  const { files, resources, root } = await rooted("ways");
  for (const [path, code] of [
    ["", "no-entry"],
    ["/etc/passwd", "not-permitted"],
    ["..", "not-permitted"],
    ["sub/../../outer", "not-permitted"],
    ["a\0b", "invalid"],
    ["a".repeat(5_000), "name-too-long"],
  ] as const) {
    await assert.rejects(walk(root, path, true, files), (thrown) => thrown === code, path);
  }
  resources[Symbol.dispose]();
});

test("what an instance has open is closed with it, and nothing is opened afterwards", async () => {
  const { files, resources, root } = await rooted("closed");
  const held = await files.openFolder(root.at("sub"));
  resources[Symbol.dispose]();
  await assert.rejects(held.handle.stat(), { code: "EBADF" });
  await assert.rejects(
    files.openGranted(folder.path).then(({ handle }) => handle.stat()),
    { code: "EBADF" },
  );
});
