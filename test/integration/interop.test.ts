import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { suite, test } from "node:test";
import { fixture } from "../kit/fixtures.ts";

const JCO = fileURLToPath(new URL("jco.js", import.meta.resolve("@bytecodealliance/jco")));

/** What jco says of a component, as WIT. */
function witOf(file: string): string[] {
  const wit = execFileSync(process.execPath, [JCO, "wit", file], { encoding: "utf8" });
  return Array.from(wit.matchAll(/^ {2}((?:import|export) .*);$/gm), ([, line = ""]) => line);
}

suite("components that we build are what other tools expect", () => {
  test("the api plugin imports what it uses, and nothing else", () => {
    assert.deepEqual(
      witOf(fixture("api")).toSorted((a, b) => (a < b ? -1 : 1)),
      [
        "export tusk:plugin/http-plugin@0.1.0",
        "export tusk:plugin/plugin@0.1.0",
        "import tusk:plugin/clock@0.1.0",
        "import tusk:plugin/http-types@0.1.0",
        "import tusk:plugin/logger@0.1.0",
        "import tusk:plugin/types@0.1.0",
      ],
    );
  });

  test("so does the one in Rust", () => {
    assert.deepEqual(
      witOf(fixture("postgres")).toSorted((a, b) => (a < b ? -1 : 1)),
      [
        "export tusk:plugin/database-plugin@0.1.0",
        "export tusk:plugin/plugin@0.1.0",
        "import tusk:plugin/database@0.1.0",
        "import tusk:plugin/logger@0.1.0",
        "import tusk:plugin/types@0.1.0",
      ],
    );
  });
});
