import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createHost, type ErrorCode, HostError, type PluginHandle } from "tusk-host";
import { buildWat } from "../hostile/wat-plugin.ts";
import { fixture } from "./fixtures.ts";
import { markedBuild, markOf } from "./marked-build.ts";
import { settingsFor } from "./settings-for.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** The plugin is written in one of them and then in the other. */
const LANGUAGES = ["conformance-as", "conformance-rust"] as const;

/** What a conformance plugin asks for. */
export const CONFORMANCE_GRANTS = {
  permissions: { cache: true, database: ["main"], "http-client": ["127.0.0.1"], mail: ["*@example.com"] },
  dependencies: ["nobody?"],
};

export interface SwapTraffic {
  readonly callers: number;
  readonly swaps: number;
  /** Told after each swap, with how many were answered so far and how many builds were refused. */
  readonly onSwap?: (swap: number, answers: number, refusals: number) => Promise<void> | void;
}

/**
 * Swaps a plugin again and again, from one language to the other, while callers ask without end; before each good
 * build a bad one is offered. A second plugin, which is granted nothing, is offered builds that want more.
 *
 * Fails when a call fails or is answered by a generation that did not serve while it ran, when a bad build is taken
 * or refused for another reason than its own, or when the swaps are not reported.
 *
 * @returns How many calls were answered, and how many builds were refused.
 */
export async function swapUnderTraffic(
  folder: TemporaryFolder,
  { callers, swaps, onSwap }: SwapTraffic,
): Promise<{ answers: number; refusals: number }> {
  const builds = await Promise.all(LANGUAGES.map((name) => readFile(fixture(name))));
  const buildOf = (mark: number) => markedBuild(builds[mark % 2] as Buffer, mark);
  const path = await folder.write("busy/plugin.wasm", buildOf(0));
  const modestPath = await folder.write("busy/modest.wasm", await readFile(fixture("api")));
  await using host = await createHost({
    settings: await settingsFor({
      plugin: { ...CONFORMANCE_GRANTS, path, instances: 4, limits: { queueLength: 1_000 } },
      modest: { path: modestPath, limits: { queueLength: 1_000 } },
    }),
  });
  const [plugin, modest] = [host.plugin("plugin"), host.plugin("modest")];
  const failing = await failingBuilds();
  let [serving, answers, refusals] = [0, 0, 0];
  let calling = true;
  const ask = async () => {
    const before = serving;
    const mark = markOf(await plugin.notification.supportedChannels());
    assert.ok(mark >= before && mark <= serving + 1, `${mark} answered, ${before} to ${serving} served`);
  };
  const traffic = Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (calling) {
        await (caller % 8 === 7 ? askModest(modest) : ask());
        answers++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  const offer = async (name: "plugin" | "modest", code: ErrorCode, build: Uint8Array) => {
    await folder.write(`busy/${name}.wasm`, build);
    await assert.rejects(host.reload(name), (error) => {
      assert.ok(HostError.is(error, code), String(error));
      return true;
    });
    const { state, problem } = host.plugin(name).status();
    assert.deepEqual([state, problem?.code], ["serving", code]);
    refusals++;
  };
  const swap = async () => {
    for (let mark = 1; mark <= swaps && calling; mark++) {
      const bad = [...damaged(buildOf(mark)), ...failing];
      const [code, build] = bad[mark % bad.length] as Offer;
      await offer("plugin", code, build);
      if (mark % bad.length === 0) await offer("modest", "PERMISSION_MISSING", buildOf(mark));
      await folder.write("busy/plugin.wasm", buildOf(mark));
      assert.equal(await host.reload("plugin"), true);
      serving = mark;
      await onSwap?.(mark, answers, refusals);
    }
  };
  try {
    // A caller that fails ends the swaps, too.
    await Promise.race([swap(), traffic]);
  } finally {
    calling = false;
  }
  await traffic;
  assert.equal(markOf(await plugin.notification.supportedChannels()), swaps);
  assert.equal(plugin.status().problem, undefined);
  assert.equal(modest.status().generation, 1);
  return { answers, refusals };
}

/** A build that must not be taken, and the code that says why. */
type Offer = readonly [code: ErrorCode, build: Uint8Array];

function damaged(good: Buffer): Offer[] {
  const invalid = Buffer.from(good);
  // The type section's size: the component ends in the middle of something.
  invalid.fill(0xff, 8, 16);
  return [
    ["BINARY_MALFORMED", good.subarray(0, good.length >> 1)],
    ["BINARY_MALFORMED", invalid],
    ["BINARY_NOT_WASM", Buffer.from("<html>")],
    ["BINARY_MALFORMED", good.subarray(0, 7)],
  ];
}

/** They are whole, and do not want to start. */
async function failingBuilds(): Promise<Offer[]> {
  // An error of the contract: `internal`, with a text.
  const refuses = `(i32.store8 (i32.const 128) (i32.const 1)) (i32.store8 (i32.const 132) (i32.const 0))
    (i32.store (i32.const 136) (i32.const 512)) (i32.store (i32.const 140) (i32.const 3)) (i32.const 128)`;
  return [
    ["PLUGIN_TRAPPED", await buildWat({ initialize: "(unreachable)" })],
    ["PLUGIN_ERROR", await buildWat({ initialize: refuses })],
  ];
}

async function askModest(modest: PluginHandle): Promise<void> {
  const { status } = await modest.http.handleRequest({ method: "GET", path: "/api/health" });
  assert.equal(status, 200);
}
