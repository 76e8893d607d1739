import { type Attack, BOTH, type Ending } from "./attack.ts";

/**
 * Spellings of addresses that are not of the public internet, for a plugin that was granted "*", and this
 * machine's own address at another port. `PORT` is that of a server here, which must hear of none of them.
 */
const ADDRESSES: readonly string[] = [
  "127.0.0.1:PORT",
  "127.1:PORT",
  "2130706433:PORT",
  "0x7f000001:PORT",
  "0x7f.1:PORT",
  "0177.0.0.1:PORT",
  "017700000001:PORT",
  "127.0.0.1.:PORT",
  "①②⑦.⓪.⓪.①:PORT",
  "127。0。0。1:PORT",
  "127%2e0%2e0%2e1:PORT",
  "0:PORT",
  "0.0.0.0:PORT",
  "127.255.255.254:PORT",
  "localhost:PORT",
  "LOCALHOST:PORT",
  "localhost.:PORT",
  "ｌｏｃａｌｈｏｓｔ:PORT",
  "[::1]:PORT",
  "[::]:PORT",
  "[0:0:0:0:0:0:0:1]:PORT",
  "[::ffff:127.0.0.1]:PORT",
  "[::ffff:7f00:1]:PORT",
  "[::127.0.0.1]:PORT",
  "[::ffff:0:127.0.0.1]:PORT",
  "[64:ff9b::127.0.0.1]:PORT",
  "[64:ff9b:1::1]:PORT",
  "[2002:7f00:1::1]:PORT",
  "[fe80::1]:PORT",
  "[fec0::1]:PORT",
  "[fd00::1]:PORT",
  "[ff02::1]:PORT",
  "169.254.169.254",
  "10.0.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "100.64.0.1",
  "255.255.255.255",
];

const DENIED: Ending = { told: "denied" };
const NO_URL: Ending = { told: "invalid-input" };
const REFUSED: Ending = { told: ["denied", "invalid-input"] };

/** URLs that say one thing and mean another. */
const URLS: readonly (readonly [name: string, method: string, url: string, ends: Ending])[] = [
  ["reads a file by its URL", "GET", "file:///etc/passwd", NO_URL],
  ["asks by another protocol", "GET", "gopher://127.0.0.1:PORT/_x", NO_URL],
  ["asks for data", "GET", "data:text/plain,x", NO_URL],
  ["names a granted host as the user", "GET", "http://granted.test@127.0.0.1:PORT/", NO_URL],
  ["names a granted host as user and password", "GET", "http://granted.test:80@127.0.0.1:PORT/", NO_URL],
  ["writes backslashes for slashes", "GET", "http:\\\\127.0.0.1:PORT\\", DENIED],
  ["puts a line feed into the host", "GET", "http://127.0.\n0.1:PORT/", DENIED],
  ["hides a host behind a fragment", "GET", "http://127.0.0.1:PORT#.granted.test/", DENIED],
  [
    "asks with a method that splits the request",
    "GET / HTTP/1.1\r\nX: y\r\n\r\nPOST",
    "http://granted.test/",
    REFUSED,
  ],
  ["asks for a tunnel", "CONNECT", "http://127.0.0.1:GRANTED/", DENIED],
  ["asks with a method that was not granted", "DELETE", "http://127.0.0.1:GRANTED/", DENIED],
  ["asks with a granted method in lower case", "get", "http://127.0.0.1:GRANTED/", REFUSED],
  ["asks another port of a granted host", "GET", "http://127.0.0.1:PORT/", DENIED],
  ["asks a name for a granted address at another port", "GET", "http://localhost:PORT/", DENIED],
  ["asks for a name that looks like settings", "GET", 'http://x","*.localhost/', DENIED],
  ["asks for a name as long as a book", "GET", `http://${"x".repeat(100_000)}.test/`, REFUSED],
];

/** Headers, sent to the one server that was granted. */
const HEADERS: readonly (readonly [name: string, header: readonly [string, string]])[] = [
  ["says that another host is meant", ["Host", "other.test"]],
  ["lies about the length", ["Content-Length", "5"]],
  ["smuggles a body", ["Transfer-Encoding", "chunked"]],
  ["upgrades the connection", ["Upgrade", "websocket"]],
  ["splits a header by its value", ["X-A", "b\r\nHost: other.test"]],
  ["splits a header by its name", ["X-A: b\r\nHost", "other.test"]],
  ["puts a zero into a header", ["X-A", "b\0c"]],
];

const fetch = (name: string, params: readonly unknown[], ends: Ending): Attack => ({
  name,
  target: "http-client",
  languages: BOTH,
  query: "service:fetch",
  params,
  ends,
});

export const ADDRESS_ATTACKS: readonly Attack[] = [
  ...ADDRESSES.map((address) => fetch(`asks ${address}`, ["GET", `http://${address}/`, []], REFUSED)),
  ...URLS.map(([name, method, url, ends]) => fetch(name, [method, url, []], ends)),
  ...HEADERS.map(([name, header]) => fetch(name, ["GET", "http://127.0.0.1:GRANTED/", [header]], NO_URL)),
  // The redirect itself is the answer; that nobody followed it is seen by the server that it leads to.
  fetch("is sent on to another server", ["GET", "http://127.0.0.1:GRANTED/redirect", []], { answer: 302 }),
  fetch("asks for an answer without end", ["GET", "http://127.0.0.1:GRANTED/endless", []], {
    told: "limit-exceeded",
  }),
  fetch("asks for an answer that never comes", ["GET", "http://127.0.0.1:GRANTED/never", []], {
    code: "PLUGIN_TIMEOUT",
  }),
  fetch("asks for headers without end", ["GET", "http://127.0.0.1:GRANTED/headers", []], {
    told: "unavailable",
  }),
];
