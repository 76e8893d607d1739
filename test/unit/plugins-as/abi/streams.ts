import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, json } from "../../build/instance.ts";
import { MALFORMED, tagged, type Start } from "./start.ts";
import { streamsService } from "./streams-service.ts";

const HEAD = {
  id: "r-1",
  method: "POST",
  path: "/streams/echo",
  params: [],
  query: [{ name: "größe", value: "1 🦣" }],
  headers: [{ name: "x-sent", value: "väl" }],
  user: { id: 7, name: "ada", roles: ["admin"], claims: json({ a: 1 }) },
};

export function streamTests(start: Start): void {
  test("a request for a stream arrives as it was sent, and its pieces go back", () => {
    const pieces = ["first", "zwei 🦣", "x"].map((text) => Buffer.from(text));
    const streams = streamsService(pieces);
    const { httpStreamPlugin } = start({ httpStreams: streams.httpStreams }).exports;
    httpStreamPlugin.handleStream(HEAD);
    assert.equal(streams.head?.status, 201);
    assert.deepEqual(streams.head.headers, [
      { name: "x-path", value: "POST /streams/echo" },
      { name: "x-id", value: "r-1" },
      { name: "x-user", value: "ada" },
      { name: "x-sent", value: "väl" },
    ]);
    assert.deepEqual(
      streams.written.map(String),
      pieces.map((piece) => String(new Uint8Array(piece))),
    );
    assert.deepEqual([streams.finished, streams.open], [1, 0]);
  });

  test("what a stream's service refuses is the plugin's error, and nothing is left open", () => {
    const streams = streamsService([Buffer.from("a")]);
    class Broken {
      read(): undefined {
        throw failure("unavailable", "gone");
      }

      [Symbol.dispose](): void {
        streams.open--;
      }
    }
    const requestBody = () => {
      streams.open++;
      return new Broken();
    };
    const httpStreams = { ...streams.httpStreams, InputBody: Broken, requestBody };
    const { httpStreamPlugin } = start({ httpStreams }).exports;
    assert.throws(() => httpStreamPlugin.handleStream(HEAD), {
      payload: { tag: "unavailable", val: "gone" },
    });
    assert.deepEqual([streams.finished, streams.open], [0, 0]);
  });

  test("a request for a stream whose user is malformed is refused", () => {
    const { httpStreamPlugin } = start().exports;
    const user = { ...HEAD.user, claims: MALFORMED };
    assert.throws(() => httpStreamPlugin.handleStream({ ...HEAD, user }), tagged("invalid-input"));
    assert.equal(httpStreamPlugin.registerStreamRoutes().length, 5);
  });
}
