import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { completeWords } from "../../../host/cli/complete-words.ts";
import { Output } from "../../../host/cli/output.ts";
import { createProgram } from "../../../host/cli/program.ts";
import { temporaryFolder } from "../../kit/temporary-folder.ts";

const PROGRAM = createProgram({ output: new Output(false), exit: "ok" });

function complete(...words: string[]): Promise<string[]> {
  return completeWords(PROGRAM, words);
}

suite("what the last word may become", () => {
  const folder = temporaryFolder();

  test("is a command, but none that is only for scripts", async () => {
    assert.deepEqual(await complete("do"), ["doctor"]);
    const all = await complete("");
    assert.ok(all.includes("run") && !all.includes("__complete"));
  });

  test("is an option, or one of the things that an option takes", async () => {
    assert.deepEqual(await complete("--v"), ["--version"]);
    assert.deepEqual(await complete("build", "--f"), ["--force"]);
    assert.deepEqual(await complete("new", "mine", "--lang", ""), ["as", "rust"]);
    assert.deepEqual(await complete("completion", "f"), ["fish"]);
    assert.deepEqual(await complete("bench", "--function", "auth-plugin.auth"), [
      "auth-plugin.authenticate",
      "auth-plugin.authorize",
    ]);
  });

  test("is a plugin of the settings or of their folder, a capability, a function", async () => {
    await folder.write("plugins/doorman.wasm", "");
    const config = await folder.write("tusk.json", '{ "plugins": { "greeter": {}, "ledger": {} } }');
    const given = ["--config", config];
    assert.deepEqual(await complete("call", ...given, ""), ["greeter", "ledger", "doorman"]);
    assert.deepEqual(await complete("test", ...given, "greeter", "l"), ["ledger"]);
    assert.deepEqual(await complete("call", "ledger", "data"), ["database-plugin"]);
    assert.deepEqual(await complete("call", "ledger", ...given, "database-plugin", "exec"), [
      "execute-query",
    ]);
  });

  test("is left to the shell where it is a file, and where there is nothing to say", async () => {
    const broken = await folder.write("broken.json", "{");
    assert.deepEqual(await complete("call", "--config", broken, ""), []);
    assert.deepEqual(await complete("run", ""), []);
    assert.deepEqual(await complete("run", "--folder", ""), []);
    assert.deepEqual(await complete("nothing", ""), []);
  });
});
