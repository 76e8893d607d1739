import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import { type Host, HostError } from "tusk-host";
import { fixture, type FixtureName, skipUnlessBuilt } from "../kit/fixtures.ts";
import { markedBuild } from "../kit/marked-build.ts";
import { memoryInUse } from "../kit/memory.ts";
import { mutateBinary } from "../kit/mutate-binary.ts";
import { obedientHost } from "../kit/obedient-host.ts";
import { DO, obedientPlugin } from "../kit/obedient-plugin.ts";
import { settingsFor } from "../kit/settings-for.ts";
import { temporaryFolder } from "../kit/temporary-folder.ts";
import { pick, randomFrom } from "../unit/wasm/random.ts";

/** More of them find more: `npm run fuzz`. */
const RUNS = Number(process.env["TUSK_FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["TUSK_FUZZ_SEED"] ?? 1);

const MB = 2 ** 20;
const LIMITS = { timeoutMs: 500, cpuMs: 50, memoryBytes: 16 * MB, tableElements: 10_000 };
const FIXTURES = ["api", "conformance-as", "conformance-rust", "postgres"] as const satisfies FixtureName[];

type Call = readonly [query: string, params: unknown[]];

/** What the conformance plugins are told; the first is what the others do of themselves. */
const CALLS: readonly [Call, ...Call[]] = [
  ["echo", [{ a: [1, "🦣"] }]],
  ["postgres", ["SELECT ? AS test", [1]]],
  ["cache", ["key", { a: 1 }, 1000]],
  ["log", ["info", "a message", { a: 1 }]],
  ["SELECT 1 AS test", []],
];

/** How long one of them may take: the slowest starts for a second, and says who it is, is initialised, called. */
const LONGEST_MS = 15_000;

suite(`broken binaries, seed ${SEED}`, { skip: skipUnlessBuilt("conformance-rust") }, () => {
  const folder = temporaryFolder();
  let host: Host;
  let originals: Uint8Array[];

  before(async () => {
    originals = [
      await obedientPlugin(),
      ...(await Promise.all(FIXTURES.map((name) => readFile(fixture(name))))),
    ];
    host = await obedientHost(folder, { neighbour: {} });
  });
  after(() => host.shutdown());

  test(`${RUNS} of them are answered by or refused with a code, and leave nothing behind`, async (t) => {
    const random = randomFrom(SEED);
    const ends = new Map<string, number>();
    let slowestMs = 0;
    let early: { heap: number; rss: number } | undefined;
    for (let run = 0; run < RUNS; run++) {
      const mutant = mutateBinary(pick(originals, random), random);
      const start = performance.now();
      const file = await folder.write("mutant.wasm", mutant);
      const end = await endOf(host, file, pick(CALLS, random)).catch((error: unknown) => {
        throw new Error(`run ${run} of seed ${SEED} ended without a code`, { cause: error });
      });
      ends.set(end, (ends.get(end) ?? 0) + 1);
      const tookMs = performance.now() - start;
      assert.ok(tookMs < LONGEST_MS, `run ${run} of seed ${SEED} took ${tookMs} ms`);
      slowestMs = Math.max(slowestMs, tookMs);
      if (run === Math.floor(RUNS / 2)) early = await memoryInUse();
    }
    const late = await memoryInUse();
    const grown = (early && late.heap - early.heap) ?? NaN;
    for (const [end, count] of [...ends].toSorted(([, a], [, b]) => b - a)) t.diagnostic(`${count} × ${end}`);
    t.diagnostic(
      `the slowest took ${slowestMs.toFixed(0)} ms; over the second half the heap grew by ${(grown / MB).toFixed(1)} MB; ` +
        `RSS is ${(late.rss / MB).toFixed(0)} MB`,
    );
    assert.ok(ends.size > 3, "the mutants must end in several ways, or the test does not test what it says");
    // Compiled components are kept, 32 of them at most.
    assert.ok(grown < 32 * MB, `the heap grew by ${grown} bytes`);
    assert.equal(await host.plugin("neighbour").database.executeQuery(DO.count, []), 1);
    // Whatever transpiles still does: this build was not seen before.
    const sound = markedBuild(await readFile(fixture("conformance-as")), SEED);
    assert.equal(await endOf(host, await folder.write("sound.wasm", sound), CALLS[0]), "answered");
    assert.deepEqual(
      host.plugins().map(({ name }) => name),
      ["neighbour"],
    );
  });
});

/** "answered", or the code that refused it, with where that was. */
async function endOf(host: Host, path: string, [query, params]: Call): Promise<string> {
  const settings = await settingsFor({
    mutant: {
      path,
      limits: LIMITS,
      config: { database: "main" },
      permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
      dependencies: ["nobody?"],
    },
  });
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
