import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { createHost } from "tusk-host";
import { createHttpServer } from "../../../host/http/http-server.ts";
import { fixture } from "../../kit/fixtures.ts";
import { settingsFor } from "../../kit/settings-for.ts";
import { pick, type Random } from "../../unit/wasm/random.ts";
import { mutateText } from "../mutate-text.ts";
import type { FuzzTarget } from "../target.ts";

const HEAD = "Host: x\r\nConnection: close\r\n";
const REQUESTS = [
  `GET /echo/1?x=1&y=%C3%A9 HTTP/1.1\r\n${HEAD}X-Own: 1\r\n\r\n`,
  `POST /echo/a HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{"a":[1,"é"]}`,
  `PUT /echo/a%20b HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
];
const BREAKS = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  ":",
  "/",
  "//",
  "..",
  "%",
  "%00",
  "%2e%2e",
  "?",
  "&",
  "#",
  "é",
  "🦣",
];
const PIECES = BREAKS.concat(
  ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: y\r\n", "Expect: 100-continue\r\n"],
  ["HTTP/0.9", "HTTP/2.0", "ffffffff\r\n", "-1", "x".repeat(9_000), '{"__proto__":1}', "[[[[[["],
);

const BODIES = ['{"a":[1,"é"],"b":{"c":null}}', "x=1&y=2", "\u{1f9a3} text", "[1e999,-0,1.5]"];

/** Requests as bytes on a connection: each is answered by HTTP, or the connection is closed; and the next is served. */
export const HTTP: FuzzTarget = {
  name: "http",
  open: async () => {
    const host = await createHost();
    const path = fixture("conformance-as");
    const { plugins } = await settingsFor({
      conformance: {
        path,
        permissions: {
          cache: true,
          database: ["main"],
          "http-client": ["127.0.0.1"],
          mail: ["*@example.com"],
        },
        dependencies: ["nobody?"],
      },
    });
    await host.load(path, plugins["conformance"]);
    const server = await createHttpServer(host, { port: 0 });
    const port = Number(new URL(server.url).port);
    let last = "";
    return {
      async attempt(random: Random) {
        last = random(2) === 0 ? mutatedRequest(random) : requestWithMutatedBody(random);
        const answer = await exchange(port, last);
        if (answer === "") return "closed";
        const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
        assert.ok(status !== undefined, answer.slice(0, 200));
        assert.ok(status !== "500", answer.slice(0, 500));
        return status;
      },
      lastInput: () => Buffer.from(last, "latin1"),
      async [Symbol.asyncDispose]() {
        assert.match(await exchange(port, `GET /nowhere HTTP/1.1\r\n${HEAD}\r\n`), /^HTTP\/1\.1 404 /);
        await server.close();
        await host.shutdown();
      },
    };
  },
};

function mutatedRequest(random: Random): string {
  return mutateText(pick(REQUESTS, random), pick(REQUESTS, random), PIECES, random);
}

/** One that reaches the plugin. */
function requestWithMutatedBody(random: Random): string {
  const body = Buffer.from(mutateText(pick(BODIES, random), pick(BODIES, random), PIECES, random));
  const query = encodeURI(mutateText("x=1&y=%C3%A9", "&&==", PIECES, random).toWellFormed()).slice(0, 8_000);
  const head = `POST /echo/a?${query.replaceAll("#", "")} HTTP/1.1\r\n${HEAD}Content-Type: application/json`;
  return `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body.toString("latin1")}`;
}

/** All that comes back when the sender has said all that it says. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  await once(socket, "connect");
  let answer = "";
  socket.on("data", (chunk: string) => (answer += chunk)).on("error", () => undefined);
  // A server that refuses closes before it has read all, which is an error here and may be the end of it.
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.on("close", () => resolve());
  socket.end(text, "latin1");
  await closed;
  return answer;
}
