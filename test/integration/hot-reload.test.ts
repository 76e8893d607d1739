import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cp, mkdir, open, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, suite, test } from "node:test";
import { createHost, type Host, type HostEvent } from "tusk-host";
import { answering } from "../kit/answering-build.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";

suite("plugins follow their files, however they are written", () => {
  const folder = temporaryFolder();
  let builds: Uint8Array[];

  before(async () => {
    builds = await Promise.all(Array.from({ length: 10 }, (_, mark) => answering(mark)));
  });

  /** Runs a host on a folder of its own in which the plugin "p" is build 0. */
  async function watched(
    name: string,
    use: (host: Host, file: string, served: Served) => Promise<void>,
  ): Promise<void> {
    const inside = join(folder.path, name);
    const file = await folder.write(`${name}/p.wasm`, builds[0] as Uint8Array);
    await using host = await createHost({ folder: inside, watch: true });
    await use(host, file, new Served(host));
  }

  test("a file that is renamed over it", () =>
    watched("rename", async (_, file, served) => {
      await writeFile(`${file}.new`, builds[1] as Uint8Array);
      await rename(`${file}.new`, file);
      await served.until(1);
    }));

  test("a file that is copied over it", () =>
    watched("copy", async (_, file, served) => {
      const source = await folder.write("source.wasm", builds[2] as Uint8Array);
      await cp(source, file);
      await served.until(2);
    }));

  test("a file that is written piece by piece is served when it is whole, and what was there until then", () =>
    watched("pieces", async (host, file, served) => {
      const bytes = builds[3] as Uint8Array;
      const handle = await open(file, "w");
      for (let at = 0; at < bytes.length; at += 600) {
        await handle.write(bytes.subarray(at, at + 600));
        assert.equal(await host.plugin("p").database.executeQuery("", []), 0);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await handle.close();
      await served.until(3);
    }));

  test("a file that is only touched changes nothing", () =>
    watched("touch", async (host, file, served) => {
      await utimes(file, new Date(), new Date());
      // The next real change shows that the touch was seen and led to nothing.
      await folder.write("touch/p.wasm", builds[1] as Uint8Array);
      await served.until(1);
      assert.equal(host.plugin("p").status().generation, 2);
      assert.deepEqual(served.types, ["swapped"]);
    }));

  test("a file that is deleted and made again", () =>
    watched("delete", async (_, file, served) => {
      await rm(file);
      await writeFile(file, builds[4] as Uint8Array);
      await served.until(4);
    }));

  test("a file that is new is loaded, and one that is gone is unloaded", () =>
    watched("new", async (host, file, served) => {
      await folder.write("new/q.wasm", builds[5] as Uint8Array);
      await served.event("serving", "q");
      assert.equal(await host.plugin("q").database.executeQuery("", []), 5);
      await rm(file);
      await served.event("stopped", "p");
      assert.deepEqual(
        host.plugins().map(({ name }) => name),
        ["q"],
      );
    }));

  test("a folder that is deleted and built again", () =>
    watched("rebuilt", async (_, file, served) => {
      const inside = join(folder.path, "rebuilt");
      await rm(inside, { recursive: true });
      await mkdir(inside);
      await writeFile(file, builds[6] as Uint8Array);
      await served.until(6);
    }));

  test("a folder that is a link which is pointed elsewhere, and files that change behind it", async () => {
    for (const mark of [0, 7]) await folder.write(`data-${mark}/p.wasm`, builds[mark] as Uint8Array);
    const link = join(folder.path, "link");
    await symlink("data-0", link);
    await using host = await createHost({ folder: link, watch: true });
    const served = new Served(host);
    await symlink("data-7", `${link}.new`);
    await rename(`${link}.new`, link);
    await served.until(7);
    await folder.write("data-7/p.wasm", builds[8] as Uint8Array);
    await served.until(8);
  });

  test("files that are links through a link which is flipped, as Kubernetes mounts them", async () => {
    for (const mark of [0, 7]) await folder.write(`mount/..${mark}/p.wasm`, builds[mark] as Uint8Array);
    const mount = join(folder.path, "mount");
    await symlink("..0", join(mount, "..data"));
    await symlink("..data/p.wasm", join(mount, "p.wasm"));
    await using host = await createHost({ folder: mount, watch: true });
    const served = new Served(host);
    await symlink("..7", join(mount, "..data_tmp"));
    await rename(join(mount, "..data_tmp"), join(mount, "..data"));
    await rm(join(mount, "..0"), { recursive: true });
    await served.until(7);
    assert.deepEqual(served.types, ["swapped"]);
  });

  test("branches that are checked out", { skip: skipWithoutGit() }, () =>
    watched("branches", async (host, file, served) => {
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
          cwd: dirname(file),
          stdio: "pipe",
        });
      git("init", "-q", "-b", "one");
      git("add", "p.wasm");
      git("commit", "-qm", "one");
      git("checkout", "-qb", "two");
      await writeFile(file, builds[2] as Uint8Array);
      await writeFile(join(dirname(file), "q.wasm"), builds[3] as Uint8Array);
      git("add", "p.wasm", "q.wasm");
      git("commit", "-qm", "two");
      await served.until(2);
      await served.event("serving", "q");
      git("checkout", "-q", "one");
      await served.until(0);
      await served.event("stopped", "q");
      git("checkout", "-q", "two");
      await served.until(2);
      assert.equal(host.plugin("p").status().problem, undefined);
    }),
  );

  test("two hundred files at once", () =>
    watched("many", async (host, _, served) => {
      const names = Array.from({ length: 200 }, (__, i) => `n${i}`);
      await Promise.all(
        names.map((name, i) => folder.write(`many/${name}.wasm`, builds[i % 10] as Uint8Array)),
      );
      for (const name of names) await served.event("serving", name);
      const answers = await Promise.all(names.map((name) => host.plugin(name).database.executeQuery("", [])));
      assert.deepEqual(
        answers,
        names.map((__, i) => i % 10),
      );
    }));

  test("a broken file leaves what was there, and says why", () =>
    watched("broken", async (host, file, served) => {
      await writeFile(file, (await readFile(file)).subarray(0, 100));
      await served.event("refused", "p");
      assert.equal(await host.plugin("p").database.executeQuery("", []), 0);
      assert.equal(host.plugin("p").status().problem?.code, "BINARY_MALFORMED");
      await folder.write("broken/p.wasm", builds[9] as Uint8Array);
      await served.until(9);
    }));
});

/** Why nothing can be checked out here. In CI it has to be. */
function skipWithoutGit(): string | false {
  if (process.env["CI"] || spawnSync("git", ["--version"]).status === 0) return false;
  return "there is no git here: install it from https://git-scm.com";
}

/** Waits for what a host tells. */
class Served {
  readonly types: string[] = [];
  readonly #host: Host;
  readonly #events: AsyncIterableIterator<HostEvent>;
  readonly #told = new Set<string>();

  constructor(host: Host) {
    this.#host = host;
    this.#events = host.events();
  }

  /** Resolves when the plugin "p" answers with this mark. */
  async until(mark: number): Promise<void> {
    while ((await this.#host.plugin("p").database.executeQuery("", [])) !== mark) await this.#next();
  }

  /** Resolves when this has been told of the plugin. */
  async event(type: HostEvent["type"], plugin: string): Promise<void> {
    while (!this.#told.has(`${type} ${plugin}`)) await this.#next();
  }

  async #next(): Promise<void> {
    const { value } = await this.#events.next();
    if (!value) throw new Error("The host tells nothing more.");
    const event = value as HostEvent;
    this.types.push(event.type);
    this.#told.add(`${event.type} ${event.plugin}`);
  }
}
