import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { test } from "node:test";

/** From the floor up. A room imports only from those that stand before it. */
const ROOMS = [
  "core",
  "wasm",
  "marshal",
  "config",
  "security",
  "component",
  "build",
  "engine",
  "services",
  "workers",
  "plugin",
  "testing",
  "http",
  "control",
  "cli",
] as const;

const HOST = join(import.meta.dirname, "../../host");
const FILES = globSync("**/*.ts", { cwd: HOST }).map((file) => file.split(sep).join("/"));

test("every file of the host is in a room, or is its entry point", () => {
  const homeless = FILES.filter((file) => !ROOMS.some((room) => file.startsWith(`${room}/`)));
  assert.deepEqual(homeless, ["index.ts"]);
});

test("a room imports only from rooms below it", () => {
  const upward = FILES.flatMap((file) =>
    importsOf(file)
      .filter((imported) => imported.startsWith("."))
      .map((imported) =>
        relative(HOST, join(HOST, dirname(file), imported))
          .split(sep)
          .join("/"),
      )
      .filter((imported) => floorOf(imported) > floorOf(file))
      .map((imported) => `${file} imports ${imported}`),
  );
  assert.deepEqual(upward, []);
});

test("files of the host import each other by relative paths", () => {
  const bySelf = FILES.filter((file) => importsOf(file).some((imported) => imported.startsWith("tusk-host")));
  assert.deepEqual(bySelf, []);
});

test("only the command line reads `process` or prints", () => {
  const talkative = FILES.filter(
    (file) =>
      !file.startsWith("cli/") &&
      /(?<![\w."'`:])(?:process|console)\.\w/.test(withoutComments(readHost(file))),
  );
  assert.deepEqual(talkative, []);
});

test("ARCHITECTURE.md lists the rooms in this order", () => {
  const [, text = ""] = readFileSync(join(HOST, "../ARCHITECTURE.md"), "utf8").split(
    "## The rooms of `host`",
  );
  const listed = Array.from(text.split("\n## ")[0]?.matchAll(/^\| `(\w+)` +\|/gm) ?? [], ([, room]) => room);
  assert.deepEqual(listed, [...ROOMS]);
});

function floorOf(file: string): number {
  const floor = ROOMS.findIndex((room) => file.startsWith(`${room}/`));
  return floor < 0 ? ROOMS.length : floor;
}

/** What a file imports, types included, whether at its top or by `import()`. */
function importsOf(file: string): string[] {
  const imports = readHost(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g);
  return Array.from(imports, ([, imported]) => imported ?? "");
}

function readHost(file: string): string {
  return readFileSync(join(HOST, file), "utf8");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
