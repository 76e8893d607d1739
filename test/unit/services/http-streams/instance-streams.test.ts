import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ServiceError, type ErrorKind } from "../../../../host/component/contract/service-error.ts";
import { HostError } from "../../../../host/core/error.ts";
import { InstanceStreams } from "../../../../host/services/http-streams/instance-streams.ts";
import { StreamExchange } from "../../../../host/services/http-streams/stream-exchange.ts";

const PIECE = new Uint8Array(40_000);

function begin(body?: AsyncIterable<Uint8Array>, method = "POST", maxBytes = Infinity) {
  const exchange = new StreamExchange({ plugin: "p", method, body, maxBytes });
  const streams = new InstanceStreams();
  streams.begin(exchange);
  return { exchange, streams };
}

function saying(kind: ErrorKind, text = /./) {
  return (error: unknown) => error instanceof ServiceError && error.kind === kind && text.test(error.message);
}

async function* piecesOf(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

suite("the streams of an instance", () => {
  test("are those of the call that it answers, and there are none between calls", async () => {
    const streams = new InstanceStreams();
    await assert.rejects(streams.requestBody(), saying("conflict"));
    const exchange = new StreamExchange({ plugin: "p", method: "GET", body: undefined, maxBytes: 1 });
    streams.begin(exchange);
    const input = await streams.requestBody();
    const output = await streams.respond(200, []);
    await assert.rejects(streams.requestBody(), saying("conflict", /given out before/));
    await assert.rejects(streams.respond(200, []), saying("conflict", /answered before/));
    assert.equal(await input.read(1), undefined);
    exchange.close();
    streams.end();
    await assert.rejects(input.read(1), saying("conflict", /has ended/));
    await assert.rejects(output.write(PIECE), saying("conflict", /has ended/));
    await assert.rejects(output.finish(), saying("conflict", /has ended/));
    await assert.rejects(streams.respond(200, []), saying("conflict"));
  });

  test("are counted until they are dropped, so that no plugin hoards those of earlier calls", async () => {
    const streams = new InstanceStreams();
    const given: Disposable[] = [];
    for (let call = 0; call < 100; call++) {
      streams.begin(new StreamExchange({ plugin: "p", method: "GET", body: undefined, maxBytes: 1 }));
      given.push(await streams.requestBody());
    }
    await assert.rejects(streams.respond(200, []), saying("limit-exceeded", /have not been dropped/));
    given[0]?.[Symbol.dispose]();
    await streams.respond(200, []);
  });
});

suite("the body of a request", () => {
  test("is read in pieces as large as the plugin likes, and asked for no sooner", async () => {
    let asked = 0;
    async function* counted() {
      for (const text of ["abcdef", "", "gh"]) {
        asked++;
        yield Buffer.from(text);
      }
    }
    const { streams } = begin(counted());
    const body = await streams.requestBody();
    const read = async (maxBytes: number) => Buffer.from((await body.read(maxBytes)) ?? "–").toString();
    assert.equal(asked, 0);
    assert.deepEqual([await read(4), asked], ["abcd", 1]);
    assert.deepEqual([await read(100), asked], ["ef", 1]);
    assert.deepEqual([await read(2 ** 32 - 1), asked], ["gh", 3]);
    assert.deepEqual([await read(1), await read(1)], ["–", "–"]);
    await assert.rejects(body.read(0), saying("invalid-input"));
  });

  test("gives a MiB at once at most, whatever is asked for", async () => {
    const body = await begin(piecesOf(new Uint8Array(3_000_000))).streams.requestBody();
    const lengths: number[] = [];
    for (let piece = await body.read(2 ** 31); piece; piece = await body.read(2 ** 31)) {
      lengths.push(piece.length);
    }
    assert.deepEqual(lengths, [1_048_576, 1_048_576, 902_848]);
  });

  test("that is too long, or breaks off, is an error and no end", async () => {
    const long = await begin(piecesOf(PIECE, PIECE), "POST", 50_000).streams.requestBody();
    assert.equal((await long.read(PIECE.length))?.length, PIECE.length);
    await assert.rejects(long.read(1), saying("limit-exceeded", /50000 bytes/));
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.reject<Uint8Array>(new Error("gone"));
    }
    const body = await begin(broken()).streams.requestBody();
    await assert.rejects(body.read(1), saying("unavailable"));
  });

  test("that nobody has read to its end is given back when the call is over", async () => {
    let returned = false;
    async function* pieces() {
      try {
        yield PIECE;
        yield PIECE;
      } finally {
        returned = true;
      }
    }
    const { exchange, streams } = begin(pieces());
    await (await streams.requestBody()).read(1);
    exchange.close();
    await setImmediate();
    assert.ok(returned);
  });
});

suite("the body of an answer", () => {
  test("waits for whoever fetches it", async () => {
    const { exchange, streams } = begin();
    const body = await streams.respond(200, []);
    let written = 0;
    const writing = (async () => {
      for (; written < 5; written++) await body.write(PIECE);
      await body.finish();
    })();
    await setImmediate();
    assert.equal(written, 2);
    const { body: stream } = await exchange.answer;
    const reader = stream.getReader();
    await reader.read();
    await setImmediate();
    assert.equal(written, 3);
    for (let piece = await reader.read(); !piece.done; piece = await reader.read());
    await writing;
    exchange.returned();
  });

  test("that nobody wants any more refuses to be written, and its call is aborted", async () => {
    const { exchange, streams } = begin();
    const body = await streams.respond(200, []);
    await body.write(PIECE);
    await body.write(PIECE);
    const waiting = assert.rejects(body.write(PIECE), saying("unavailable"));
    await (await exchange.answer).body.cancel("enough");
    await waiting;
    assert.deepEqual([exchange.cancelled.aborted, exchange.cancelled.reason], [true, "enough"]);
  });

  test("is not there for HEAD, 204 and 304: what the plugin says of that concerns nobody", async () => {
    for (const [method, status] of [
      ["HEAD", 200],
      ["GET", 204],
      ["GET", 304],
    ] as const) {
      const { exchange, streams } = begin(undefined, method);
      const body = await streams.respond(status, []);
      await assert.rejects(body.write(PIECE), saying("conflict", /no body/));
      const refusal = new HostError("PLUGIN_ERROR", {
        plugin: "p",
        function: "f",
        kind: "conflict",
        text: "",
      });
      exchange.returned(refusal);
      assert.deepEqual(await Array.fromAsync((await exchange.answer).body), []);
    }
  });

  test("has the length that was declared, and one at most", async () => {
    const declared = (...values: string[]) => values.map((value) => ({ name: "Content-Length", value }));
    for (const wrong of [declared("1", "1"), declared("-1"), declared("1e3"), declared("")]) {
      await assert.rejects(begin().streams.respond(200, wrong), saying("invalid-input", /content-length/));
    }
    const { exchange, streams } = begin();
    const body = await streams.respond(200, declared("3"));
    await body.write(new Uint8Array(3));
    await assert.rejects(body.write(new Uint8Array(1)), saying("invalid-input", /more than the 3 bytes/));
    assert.throws(() => exchange.returned(), /PLUGIN_ANSWER_INVALID|more than the 3 bytes/);
    await assert.rejects(Array.fromAsync((await exchange.answer).body), /more than the 3 bytes/);
  });

  test("takes no more than a MiB at once", async () => {
    const body = await begin().streams.respond(200, []);
    await assert.rejects(body.write(new Uint8Array(1_048_577)), saying("limit-exceeded"));
    await body.write(new Uint8Array(1_048_576));
  });
});
