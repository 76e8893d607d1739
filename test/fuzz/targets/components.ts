import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, type Host, HostError } from "tusk-host";
import { fixture } from "../../kit/fixtures.ts";
import { markedBuild } from "../../kit/marked-build.ts";
import { mutateBinary } from "../../kit/mutate-binary.ts";
import { obedientPlugin } from "../../kit/obedient-plugin.ts";
import { settingsFor } from "../../kit/settings-for.ts";
import { pick } from "../../unit/wasm/random.ts";
import type { FuzzTarget } from "../target.ts";

/** Of mutants. A sound build has the usual ones: it is to answer however busy the machine is. */
const LIMITS = { timeoutMs: 500, cpuMs: 50, memoryBytes: 16 * 2 ** 20, tableElements: 10_000 };

/** After how many mutants a sound build is loaded: most of what is refused must be refused for its own sake. */
const SOUND_EVERY = 100;

type Call = readonly [query: string, params: unknown[]];

/** What the conformance plugins are told; the first is what the others do of themselves. */
const CALLS: readonly [Call, ...Call[]] = [
  ["echo", [{ a: [1, "🦣"] }]],
  ["sql", ["SELECT ? AS test", [1]]],
  ["cache", ["key", { a: 1 }, 1000]],
  ["log", ["info", "a message", { a: 1 }]],
  ["SELECT 1 AS test", []],
];

/** Whole plugins, loaded and called by a host in which a neighbour goes on. The small ones come often: they are fast. */
export const COMPONENTS: FuzzTarget = {
  name: "components",
  open: async () => {
    const [api, as, rust, sql] = await Promise.all(
      (["api", "conformance-as", "conformance-rust", "postgres"] as const).map((name) =>
        readFile(fixture(name)),
      ),
    );
    const obedient = await obedientPlugin();
    const originals = [obedient, obedient, obedient, obedient, api, api, as, sql, rust] as Uint8Array[];
    const folder = await mkdtemp(join(tmpdir(), "tusk-fuzz-"));
    const path = join(folder, "mutant.wasm");
    const host = await createHost();
    await writeFile(join(folder, "neighbour.wasm"), as as Uint8Array);
    const { plugins } = await settingsFor({ neighbour: given(join(folder, "neighbour.wasm"), {}) });
    const neighbour = await host.load(join(folder, "neighbour.wasm"), plugins["neighbour"]);
    let last = new Uint8Array();
    let attempts = 0;
    const checkSound = async () => {
      // Whatever transpiles still does: this build was not seen before.
      await writeFile(path, markedBuild(as as Uint8Array, attempts));
      assert.equal(await endOf(host, path, CALLS[0], {}), "answered");
    };
    return {
      async attempt(random) {
        if (attempts % SOUND_EVERY === 0) await checkSound();
        last = Uint8Array.from(mutateBinary(pick(originals, random), random));
        await writeFile(path, last);
        const end = await endOf(host, path, pick(CALLS, random), LIMITS);
        assert.deepEqual(await neighbour.database.executeQuery("echo", [++attempts]), [attempts]);
        return end;
      },
      lastInput: () => last,
      async [Symbol.asyncDispose]() {
        try {
          await checkSound();
          assert.deepEqual(
            host.plugins().map(({ name }) => name),
            ["neighbour"],
          );
        } finally {
          await host.shutdown();
          await rm(folder, { recursive: true });
        }
      },
    };
  },
};

type Limits = Partial<typeof LIMITS>;

function given(path: string, limits: Limits) {
  return {
    path,
    limits,
    config: { database: "main" },
    permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
    dependencies: ["nobody?"],
  };
}

/** "answered", or the code that refused it, with where that was. */
async function endOf(host: Host, path: string, [query, params]: Call, limits: Limits): Promise<string> {
  const settings = await settingsFor({ mutant: given(path, limits) });
  let when = "load";
  try {
    const plugin = await host.load(path, settings.plugins["mutant"]);
    when = "call";
    if (plugin.has("database")) await plugin.database.executeQuery(query, params);
    else await plugin.http.registerRoutes();
    return "answered";
  } catch (error) {
    if (HostError.is(error) && error.code !== "HOST_FAULT") return `${error.code} (${when})`;
    throw error;
  } finally {
    if (host.plugins().some(({ name }) => name === "mutant")) await host.unload("mutant");
  }
}
