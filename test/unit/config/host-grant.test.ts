import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHostGrant } from "../../../host/config/host-grant.ts";

test("the spellings of a host are one host", () => {
  const cases: Readonly<Record<string, { host: string; port: number | undefined }>> = {
    "API.Example.COM": { host: "api.example.com", port: undefined },
    "example.com.": { host: "example.com", port: undefined },
    "bücher.example": { host: "xn--bcher-kva.example", port: undefined },
    "*.Example.com:8443": { host: "*.example.com", port: 8443 },
    "0x7f.1": { host: "127.0.0.1", port: undefined },
    "2130706433:80": { host: "127.0.0.1", port: 80 },
    "[0:0:0:0:0:0:0:1]:443": { host: "[::1]", port: 443 },
    "[::FFFF:7f00:1]": { host: "127.0.0.1", port: undefined },
    "[::ffff:127.0.0.1]:80": { host: "127.0.0.1", port: 80 },
    "0177.0.0.1": { host: "127.0.0.1", port: undefined },
    localhost: { host: "localhost", port: undefined },
    "*": { host: "*", port: undefined },
    "*:443": { host: "*", port: 443 },
  };
  for (const [written, grant] of Object.entries(cases))
    assert.deepEqual(parseHostGrant(written), grant, written);
});

test("what is no host is refused", () => {
  const cases = [
    "",
    "https://example.com",
    "example.com/path",
    "a b",
    "a@b",
    "a?b",
    "a#b",
    "a\\b",
    "a%2eb",
    "example.com:0",
    "example.com:65536",
    "example.com:x",
    "*.*.com",
    "*.",
    "*.127.0.0.1",
    "*.[::1]",
    "::1",
    "[::1",
    "a.*",
    "256.256.256.256",
  ];
  for (const written of cases) assert.equal(typeof parseHostGrant(written), "string", written);
});
