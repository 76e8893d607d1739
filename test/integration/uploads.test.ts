import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import { createHost, createHttpServer, type StreamResponse } from "tusk-host";
import { fixtureFile, skipUnlessBuilt } from "../kit/fixtures.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const PIECE = Buffer.alloc(1_048_576, "tusk");

suite("the plugin uploads", { skip: skipUnlessBuilt("uploads") }, () => {
  const folder = temporaryFolder();
  const path = fixtureFile("uploads");

  test("says how far an upload is while it comes, and at the end what it was", async () => {
    await using host = await createHost({ settings: await settingsFor({ uploads: { path } }) });
    await using server = await createHttpServer(host, { port: 0 });
    const hash = createHash("sha256");
    const pieces = new ReadableStream<Uint8Array>({
      pull(controller) {
        hash.update(PIECE);
        controller.enqueue(PIECE);
        if (++sent === 33) controller.close();
      },
    });
    let sent = 0;
    const request = { method: "PUT", body: pieces, duplex: "half" } as const;
    const answer = await fetch(`${server.url}/uploads`, request);
    assert.equal(answer.headers.get("content-type"), "text/event-stream");
    const bytes = 33 * PIECE.length;
    assert.equal(
      await answer.text(),
      [
        `event: progress\ndata: {"bytes":${2 ** 24}}\n\n`,
        `event: progress\ndata: {"bytes":${2 ** 25}}\n\n`,
        `event: done\ndata: {"bytes":${bytes},"sha256":"${hash.digest("hex")}"}\n\n`,
      ].join(""),
    );
  });

  test("ends an upload in the generation that began it, while the next one serves", async () => {
    const settings = await settingsFor({ uploads: { path } });
    await using host = await createHost({ settings, cacheDir: folder.path });
    const uploads = host.plugin("uploads");
    const { httpStream } = uploads;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const early = await httpStream.handleStream({ method: "PUT", path: "/uploads", body: readable });
    await writer.write(PIECE);
    const changed = await settingsFor({ uploads: { path, limits: { cpuMs: 20_000 } } });
    await host.apply(changed);
    assert.equal(uploads.status().generation, 2);
    const late = await httpStream.handleStream({ method: "PUT", path: "/uploads", body: "late" });
    assert.match(await textOf(late), /"bytes":4,/);
    await writer.write(PIECE);
    await writer.close();
    assert.match(await textOf(early), new RegExp(`"bytes":${2 * PIECE.length},`));
  });
});

async function textOf({ body }: StreamResponse): Promise<string> {
  return Buffer.concat(await Array.fromAsync(body)).toString();
}
