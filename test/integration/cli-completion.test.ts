import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { before, suite, test } from "node:test";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const MAIN = join(import.meta.dirname, "../../host/cli/main.ts");

suite("completion", () => {
  const folder = temporaryFolder();

  before(async () => {
    await folder.write("tusk.json", '{ "plugins": { "greeter": {}, "ledger": {} } }');
    const command = await folder.write("bin/tusk", `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    await chmod(command, 0o755);
  });

  /** What each shell has to do to say what it would complete `tusk WORDS…` to, one a line. */
  const SHELLS: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
    bash: (words) => [
      "-c",
      `source <(tusk completion bash); COMP_WORDS=(tusk ${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length}; _tusk; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    zsh: (words) => [
      "-fc",
      `compdef() { :; }; compadd() { print -l -- "\${(@P)2}" }; source <(tusk completion zsh); words=(tusk ${words.map((word) => `"${word}"`).join(" ")}); CURRENT=${words.length + 1}; _tusk`,
    ],
    fish: (words) => ["-c", `tusk completion fish | source; complete -C "tusk ${words.join(" ")}"`],
  };

  for (const [shell, argsFor] of Object.entries(SHELLS)) {
    const missing = spawnSync(shell, ["--version"]).error !== undefined;
    const skip = missing && !process.env["CI"] && `${shell} is not installed: apt-get install ${shell}`;
    test(`is understood by ${shell}`, { skip }, () => {
      const env = {
        ...process.env,
        PATH: `${join(folder.path, "bin")}:${process.env["PATH"]}`,
        HOME: folder.path,
      };
      const ask = (...words: string[]) => {
        const { stdout } = spawnSync(shell, argsFor(words), { cwd: folder.path, encoding: "utf8", env });
        return stdout.trim().split("\n").toSorted();
      };
      assert.deepEqual(ask("call", ""), ["greeter", "ledger"]);
      assert.deepEqual(ask("do"), ["doctor"]);
    });
  }
});
