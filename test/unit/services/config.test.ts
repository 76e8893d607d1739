import assert from "node:assert/strict";
import { test } from "node:test";
import { createConfigService } from "../../../host/services/config.ts";

const config = createConfigService({
  server: { port: 8080, hosts: ["a", "b"], off: null },
  bytes: new Uint8Array([1]),
});

test("a setting is found at its path", () => {
  assert.equal(config.get("server.port"), 8080);
  assert.equal(config.get("server.hosts.1"), "b");
  assert.equal(config.get("server.off"), null);
  assert.deepEqual(config.get("server"), { port: 8080, hosts: ["a", "b"], off: null });
});

test("a path that leads nowhere gives nothing", () => {
  const nowhere = [
    "",
    "server.",
    "server.port.deeper",
    "server.hosts.length",
    "server.hosts.2",
    "server.hosts.01",
  ];
  for (const path of [...nowhere, "constructor", "__proto__", "server.toString", "bytes.0", "bytes.length"]) {
    assert.equal(config.get(path), undefined, path);
  }
});
