import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, suite, test } from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { writePackages } from "../../package.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../..");
// A test runner inside ours prints for people.
const ENVIRONMENT = { ...process.env, NODE_TEST_CONTEXT: undefined };
const PACKAGES = ["tusk-host", "tusk-plugin-as"];

const TYPED = `import { decode } from "tusk-plugin-as/assembly/index";
@json class Note { text: string; }
export function read(): bool { return decode<Note>(new Uint8Array(0)).isOk; }
`;

suite("the packages that are published", () => {
  const folder = temporaryFolder();
  const dist = join(folder.path, "dist");
  const app = join(folder.path, "app");
  const run = (command: string, args: readonly string[], cwd = app) =>
    execFileSync(command, args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: ENVIRONMENT,
    });
  const tarball = (name: string) => join(folder.path, `${name}-0.1.0.tgz`);

  before(async () => {
    await writePackages(dist);
    for (const name of PACKAGES) {
      run("npm", ["pack", "--silent", "--pack-destination", folder.path], join(dist, name));
      await install(name);
    }
  });

  /** Unpacks a package beside our own dependencies, as an installation would, and without asking a registry. */
  async function install(name: string): Promise<void> {
    const target = join(app, "node_modules", name);
    await mkdir(target, { recursive: true });
    run("tar", ["-xzf", tarball(name), "--strip-components=1", "-C", target]);
    const { dependencies = {} } = JSON.parse(await readFile(join(target, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of [...Object.keys(dependencies), "assemblyscript", "@types/node"]) {
      if (PACKAGES.some((own) => own === dependency)) continue;
      const link = join(app, "node_modules", dependency);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(ROOT, "node_modules", dependency), link).catch(() => undefined);
    }
  }

  for (const name of PACKAGES) {
    test(`${name} has a manifest that is right`, async () => {
      const { messages } = await publint({ pkgDir: join(dist, name), strict: true });
      assert.deepEqual(messages, []);
    });
  }

  test("tusk-host has types that are right for those who import it", async () => {
    const archive = new Uint8Array(await readFile(tarball("tusk-host")));
    const analysis = await checkPackage(createPackageFromTarballData(archive));
    assert.ok(analysis.types);
    // It is for `import`; who resolves as Node 10 did, or requires, is told so.
    const unexpected = analysis.problems.filter(
      ({ kind }) => kind !== "NoResolution" && kind !== "CJSResolvesToESM",
    );
    assert.deepEqual(unexpected, []);
  });

  test("tusk-plugin-as has its transform as JavaScript", async () => {
    const files = await readdir(join(dist, "tusk-plugin-as/transform"));
    assert.deepEqual(
      files.filter((file) => !/\.(js|d\.ts)$/.test(file)),
      [],
    );
    const { default: Transform } = (await import(join(dist, "tusk-plugin-as/transform/index.js"))) as {
      default: unknown;
    };
    assert.equal(typeof Transform, "function");
  });

  test("tusk-host has no sources, no tests and nothing of this repository's own", async () => {
    const files = await readdir(join(dist, "tusk-host"), { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(join(dist, "tusk-host").length + 1));
    assert.deepEqual(
      paths.filter((path) => !/templates|\.(js|d\.ts|wit|rs|toml|json|md)$|^LICENSE$|setup\.sh$/.test(path)),
      [],
    );
    const topmost = new Set(paths.map((path) => path.split(/[/\\]/)[0]));
    assert.deepEqual(
      topmost,
      new Set([
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "docs",
        "examples",
        "host",
        "package.json",
        "plugins-as",
        "wit",
      ]),
    );
  });

  test("make a plugin, build it, test it, and compile a program that embeds the host", async () => {
    const tusk = join(app, "node_modules/tusk-host/host/cli/main.js");
    run(process.execPath, [tusk, "new", "greeter"]);
    const greeter = join(app, "greeter");
    const { devDependencies } = JSON.parse(await readFile(join(greeter, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    for (const name of PACKAGES)
      assert.equal(devDependencies[name], `file:../node_modules/${name}`, "no registry has it");
    run(process.execPath, [tusk, "build"], greeter);
    assert.match(run(process.execPath, ["--test"], greeter), /pass 1\b/);
    assert.match(run(process.execPath, [tusk, "inspect", "build/greeter.wasm"], greeter), /http-plugin/);

    // An editor finds the SDK's types, and the compiler's own command the transform, by the package's name.
    run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "--project", greeter]);
    const asc = join(ROOT, "node_modules/assemblyscript/bin/asc.js");
    await folder.write("app/greeter/assembly/typed.ts", TYPED);
    const options = ["--outFile", "typed.wasm", "--transform", "tusk-plugin-as/transform"];
    run(process.execPath, [asc, "assembly/typed.ts", ...options], greeter);
    const typed = new WebAssembly.Module(await readFile(join(greeter, "typed.wasm")));
    assert.ok(WebAssembly.Module.exports(typed).some(({ name }) => name === "read"));

    await folder.write("app/package.json", JSON.stringify({ type: "module" }));
    await folder.write(
      "app/program.ts",
      `import { createHost, HostError, parseSettings, type PluginStatus } from "tusk-host";
       await using host = await createHost({ folder: "greeter/build" });
       const status: PluginStatus = host.plugin("greeter").status();
       const response = await host.plugin("greeter").http.handleRequest({ method: "GET", path: "/greeter" });
       console.log(status.name, response.status, HostError.name);
       await using other = await createHost({
         settings: await parseSettings({ greeter: { path: "greeter/build/greeter.wasm", placement: "worker" } }),
       });
       console.log((await other.plugin("greeter").http.handleRequest({ method: "GET", path: "/greeter" })).status);`,
    );
    await folder.write(
      "app/tsconfig.json",
      JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          target: "esnext",
          strict: true,
          noEmit: true,
          types: ["node"],
        },
        files: ["program.ts"],
      }),
    );
    run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "--project", app]);
    assert.equal(run(process.execPath, ["program.ts"]), "greeter 200 HostError\n200\n");
  });
});
