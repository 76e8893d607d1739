import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { controlAddress, type ControlWorld } from "../../../host/control/control-address.ts";
import { HostError } from "../../../host/core/error.ts";

const LINUX: ControlWorld = {
  platform: "linux",
  runtimeFolder: "/run/user/1000",
  temporaryFolder: "/tmp",
  user: 1000,
};
const SITE = { file: "/srv/tusk.json", folder: undefined };

suite("the address of a host's control", () => {
  test("is the same for the same settings, and another for others", () => {
    const address = controlAddress(SITE, LINUX);
    assert.match(address, /^\/run\/user\/1000\/tusk-host\/[0-9a-f]{16}\.sock$/);
    assert.equal(controlAddress({ ...SITE }, LINUX), address);
    const others = [
      { file: "/srv/other.json", folder: undefined },
      { file: "/srv/tusk.json", folder: "/srv/plugins" },
      { file: undefined, folder: "/srv/tusk.json" },
    ];
    assert.equal(new Set([address, ...others.map((other) => controlAddress(other, LINUX))]).size, 4);
  });

  test("is in a folder of the user's own where the system has none for that", () => {
    for (const runtimeFolder of [undefined, "", "relative"]) {
      assert.match(
        controlAddress(SITE, { ...LINUX, runtimeFolder }),
        /^\/tmp\/tusk-host-1000\/[0-9a-f]+\.sock$/,
      );
    }
  });

  test("is a pipe of the user's own on Windows", () => {
    const world = { ...LINUX, platform: "win32", user: "ada" } as const;
    assert.match(controlAddress(SITE, world), /^\\\\\.\\pipe\\tusk-host-ada-[0-9a-f]{16}$/);
  });

  test("that is too long for a socket is refused rather than cut off", () => {
    const world = { ...LINUX, runtimeFolder: `/${"long".repeat(25)}` };
    assert.throws(
      () => controlAddress(SITE, world),
      (error) => HostError.is(error, "CONTROL_UNUSABLE") && error.message.includes("XDG_RUNTIME_DIR"),
    );
  });
});
