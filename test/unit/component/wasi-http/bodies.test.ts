import assert from "node:assert/strict";
import { test } from "node:test";
import { BodyChannel } from "../../../../host/component/wasi-http/body-channel.ts";
import { BodySource } from "../../../../host/component/wasi-http/body-source.ts";
import { InputStream, OutputStream } from "../../../../host/component/wasi-io.ts";
import { WasiResources } from "../../../../host/component/wasi-resources.ts";

function resources(): WasiResources {
  return new WasiResources((reason) => new Error(reason));
}

async function* pieces(asked: string[], ...texts: string[]): AsyncGenerator<Uint8Array, void> {
  for (const text of texts) {
    asked.push(text);
    yield await Promise.resolve(Buffer.from(text));
  }
}

/** The error as it is thrown for the bindings. */
async function thrownBy(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  return assert.fail("Nothing was thrown.");
}

test("a body is asked for when it is read, a piece at a time", async () => {
  const asked: string[] = [];
  const source = new BodySource(pieces(asked, "abc", "", "de"));
  const stream = new InputStream(resources(), source);
  assert.deepEqual(asked, []);
  assert.equal(String(await stream.blockingRead(2n)), "ab");
  assert.equal(String(await stream.blockingRead(100n)), "c");
  assert.deepEqual(asked, ["abc"]);
  assert.equal(stream.read(100n).length, 0);
  assert.equal(await stream.blockingSkip(2n ** 63n), 2n);
  assert.deepEqual(await thrownBy(() => stream.blockingRead(1n)), { tag: "closed" });
  assert.deepEqual(await thrownBy(() => stream.read(1n)), { tag: "closed" });
});

test("a body that there is not is at its end", () => {
  assert.equal(new BodySource(undefined).ready(), true);
});

test("a client that goes is an error to who reads, not an end", async () => {
  const gone = (async function* (): AsyncGenerator<Uint8Array, void> {
    yield await Promise.resolve(Buffer.from("a"));
    throw new Error("gone");
  })();
  const stream = new InputStream(resources(), new BodySource(gone));
  await stream.blockingRead(1n);
  const error = (await thrownBy(() => stream.blockingRead(1n))) as { tag: string };
  assert.equal(error.tag, "last-operation-failed");
});

test("a body is taken whole once all of it is there, and by nobody who has begun to fetch it", async () => {
  const write = (...texts: string[]) => {
    const channel = new BodyChannel(undefined);
    for (const text of texts) channel.write(Buffer.from(text));
    return channel;
  };
  const channel = write("ab", "cd");
  assert.equal(channel.takeWhole(), undefined);
  channel.end();
  assert.equal(String(channel.takeWhole()), "abcd");
  assert.equal(channel.takeWhole(), undefined);

  const empty = write();
  empty.endEmpty();
  assert.equal(empty.takeWhole()?.length, 0);

  const broken = write("ab");
  broken.fail(new Error("broken off"));
  assert.equal(broken.takeWhole(), undefined);

  const fetched = write("ab");
  await fetched[Symbol.asyncIterator]().next();
  fetched.end();
  assert.equal(fetched.takeWhole(), undefined);
});

test("what waits for room in a body goes on when it is taken whole", async () => {
  const channel = new BodyChannel(undefined);
  channel.write(new Uint8Array(65_536));
  const flushed = channel.flushed();
  channel.end();
  assert.equal(channel.takeWhole()?.length, 65_536);
  await flushed;
});

test("a body that nobody reads any more is let go of", async () => {
  const asked: string[] = [];
  const iterator = pieces(asked, "a", "b");
  const source = new BodySource(iterator);
  await source.wait();
  source.close();
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
});

test("as much is taken as there is room for, and no more until it is fetched", async () => {
  const channel = new BodyChannel(undefined);
  const stream = new OutputStream(resources(), channel);
  const room = stream.checkWrite();
  stream.write(new Uint8Array(Number(room)));
  assert.equal(stream.checkWrite(), 0n);
  assert.throws(() => stream.write(new Uint8Array(1)), /more is written than check-write permitted/);
  const waiting = stream.subscribe();
  assert.equal(waiting.ready(), false);
  const iterator = channel[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value?.length, Number(room));
  await waiting.block();
  assert.equal(stream.checkWrite(), room);
});

test("what is flushed has been fetched", async () => {
  const channel = new BodyChannel(undefined);
  const stream = new OutputStream(resources(), channel);
  let flushed = false;
  const done = Promise.resolve(stream.blockingWriteAndFlush(Buffer.from("abc"))).then(() => (flushed = true));
  await Promise.resolve();
  assert.equal(flushed, false);
  const iterator = channel[Symbol.asyncIterator]();
  assert.equal(String((await iterator.next()).value), "abc");
  await done;
  channel.end();
  assert.equal((await iterator.next()).done, true);
  assert.throws(() => stream.blockingWriteAndFlush(new Uint8Array(5_000)), /without asking/);
});

test("a stream is spliced into another as fast as both allow", async () => {
  const channel = new BodyChannel(undefined);
  const held = resources();
  const output = new OutputStream(held, channel);
  const input = new InputStream(held, new BodySource(pieces([], "x".repeat(100_000))));
  assert.equal(output.splice(input, 2n ** 63n), 0n);
  await input.subscribe().block();
  assert.equal(output.splice(input, 2n ** 63n), 65_536n);
  const rest = Promise.resolve(output.blockingSplice(input, 2n ** 63n));
  const iterator = channel[Symbol.asyncIterator]();
  await iterator.next();
  assert.equal(await rest, 34_464n);
});

test("who splices and waits, waits until there is something to take", async () => {
  const channel = new BodyChannel(undefined);
  const held = resources();
  const output = new OutputStream(held, channel);
  const input = new InputStream(held, new BodySource(pieces([], "abc")));
  assert.equal(await output.blockingSplice(input, 10n), 3n);
  assert.equal(output.splice(input, 10n), 0n);
  assert.deepEqual(await thrownBy(() => output.blockingSplice(input, 10n)), { tag: "closed" });
});

test("who fetches no more closes the stream of who writes", async () => {
  const channel = new BodyChannel(undefined);
  const stream = new OutputStream(resources(), channel);
  stream.checkWrite();
  stream.write(new Uint8Array(10));
  const iterator = channel[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return();
  assert.deepEqual(await thrownBy(() => stream.checkWrite()), { tag: "closed" });
  assert.deepEqual(await thrownBy(() => stream.blockingWriteAndFlush(new Uint8Array(1))), { tag: "closed" });
});

test("a body is as long as it was said to be, or fails", async () => {
  const short = new BodyChannel(3);
  short.write(Buffer.from("ab"));
  assert.deepEqual(await thrownBy(() => short.end()), { tag: "HTTP-response-body-size", val: 2n });
  const long = new BodyChannel(3);
  assert.deepEqual(await thrownBy(() => long.write(Buffer.from("abcd"))), { tag: "closed" });
  await assert.rejects(Array.fromAsync(long), /more than the 3 bytes/);
  const right = new BodyChannel(2);
  right.write(Buffer.from("ab"));
  right.end();
  assert.equal(Buffer.concat(await Array.fromAsync(right)).toString(), "ab");
});
