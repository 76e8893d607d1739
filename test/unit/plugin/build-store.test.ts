import assert from "node:assert/strict";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { BuildStore } from "../../../host/plugin/build-store.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

suite("the builds that are kept", () => {
  const folder = temporaryFolder();

  test("are all that stays of them: what a crash has left goes, what another host may be writing does not", async () => {
    const store = new BuildStore("", () => ({ builds: 3, maxBytes: 1_000 }));
    (await store.prepare(folder.path))();
    const longAgo = new Date(Date.now() - 7_200_000);
    for (const file of ["a-1.wasm", ".a-2.wasm.9.tmp"]) {
      const left = await folder.write(`builds/${file}`, "left");
      await utimes(left, longAgo, longAgo);
    }
    await folder.write("builds/a-3.wasm", "being written");
    const hash = "0".repeat(64);
    const build = { bytes: Buffer.from("build"), sidecars: { detached: undefined, minisign: undefined } };
    await store.keep("p", { hash, version: "1.0.0", sizeBytes: 5, servedAtMs: 1 }, build);
    const kept = (await readdir(join(folder.path, "builds"))).map((file) => file.replace(/^.*-/, ""));
    assert.deepEqual(kept.toSorted(), [`${hash}.json`, `${hash}.wasm`, "3.wasm"]);
  });
});
