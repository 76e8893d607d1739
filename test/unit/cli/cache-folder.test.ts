import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultCacheFolder } from "../../../host/cli/cache-folder.ts";

test("each system's own place for caches is used", () => {
  assert.equal(defaultCacheFolder({}, "linux", "/home/a"), "/home/a/.cache/tusk-host/components");
  assert.equal(defaultCacheFolder({}, "darwin", "/Users/a"), "/Users/a/Library/Caches/tusk-host/components");
  assert.equal(
    defaultCacheFolder({ LOCALAPPDATA: "C:\\Local" }, "win32", "C:\\Users\\a"),
    "C:\\Local\\tusk-host\\components",
  );
});

test("XDG_CACHE_HOME holds if it is absolute", () => {
  assert.equal(defaultCacheFolder({ XDG_CACHE_HOME: "/x" }, "linux", "/home/a"), "/x/tusk-host/components");
  assert.equal(
    defaultCacheFolder({ XDG_CACHE_HOME: "x" }, "linux", "/home/a"),
    "/home/a/.cache/tusk-host/components",
  );
});
