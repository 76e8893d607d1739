import type { PackageSource } from "./package-source.ts";
import type { Scaffold } from "./scaffold.ts";

/** What the files of a new plugin say. */
interface ScaffoldText extends Omit<Scaffold, "folder"> {
  readonly source: PackageSource;
}

/** The files of a new plugin but for those that have templates, by their paths. */
export function scaffoldFiles(plugin: ScaffoldText): Readonly<Record<string, string>> {
  const build =
    plugin.language === "as"
      ? { "tsconfig.json": json({ extends: "tusk-plugin-as/tsconfig.json", include: ["assembly"] }) }
      : { "Cargo.toml": cargo(plugin) };
  return {
    "package.json": json(manifest(plugin)),
    ...build,
    "tusk.json": json(settings(plugin)),
    ".gitignore": [
      "node_modules/",
      "build/",
      ".tusk/",
      "*.key",
      ...(plugin.language === "rust" ? ["target/"] : []),
      "",
    ].join("\n"),
    "README.md": readme(plugin),
  };
}

function manifest({ name, language, source }: ScaffoldText): object {
  return {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      dev: "tusk dev",
      build: "tusk build",
      test: "tusk build && node --test",
      start: "tusk run",
    },
    devDependencies: {
      ...(language === "as" && { assemblyscript: "^0.28.20" }),
      "tusk-host": source.host,
      ...(language === "as" && { "tusk-plugin-as": source.sdk }),
    },
  };
}

/** Settings to try it with, for `tusk run` in its folder. */
function settings({ name, capability }: ScaffoldText): object {
  const config = {
    http: { greeting: "Hello" },
    middleware: { closed: false },
    database: { database: "main" },
    auth: { username: "ada", password: "@env.get('PASSWORD')" },
    notification: {},
  };
  return {
    $schema: "./node_modules/tusk-host/host/config/settings.schema.json",
    plugins: {
      [name]: {
        path: `build/${name}.wasm`,
        config: config[capability],
        ...(capability === "database" && { permissions: { database: ["main"] } }),
      },
    },
    ...(capability === "database" && { databases: { main: "sqlite::memory:" } }),
  };
}

function cargo({ name, source }: ScaffoldText): string {
  return `[package]
name = "${name}"
version = "0.1.0"
description = "A plugin for tusk-host"
edition = "2024"
publish = false

[lib]
crate-type = ["cdylib"]

[dependencies]
tusk-plugin = { path = "${source.rustSdk}" }

[profile.release]
opt-level = "s"
lto = true
codegen-units = 1
panic = "abort"
strip = "debuginfo"

# It is a workspace of its own, wherever it stands.
[workspace]
`;
}

function readme({ name, language }: ScaffoldText): string {
  const entry = language === "as" ? "assembly/index.ts" : "src/lib.rs";
  return `# ${name}

A plugin for tusk-host.

\`\`\`sh
npm install
npm run dev     # serves it while you write it: each save is built, swapped in and tested
npm run build   # build/${name}.wasm, of ${entry}
npm test        # builds it, and holds it against the contract
npm start       # serves it with the settings in tusk.json, and swaps it when it is built again
\`\`\`
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
