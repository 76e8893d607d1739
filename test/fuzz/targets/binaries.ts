import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { decodeComponent } from "../../../host/wasm/component-outline.ts";
import { instrument } from "../../../host/wasm/instrument.ts";
import { decodeModule } from "../../../host/wasm/module-outline.ts";
import { fixture } from "../../kit/fixtures.ts";
import { mutateBinary } from "../../kit/mutate-binary.ts";
import { obedientPlugin } from "../../kit/obedient-plugin.ts";
import { assemble } from "../../unit/wasm/armed-instance.ts";
import { FAMILIES } from "../../unit/wasm/families.ts";
import { pick, type Random } from "../../unit/wasm/random.ts";
import { endOf } from "../end-of.ts";
import type { FuzzTarget, OpenTarget } from "../target.ts";

/** What a component says of itself, and its core modules of themselves. */
export const DECODER: FuzzTarget = {
  name: "decoder",
  open: async () => {
    const components = [
      await obedientPlugin(),
      await readFile(fixture("api")),
      await readFile(fixture("hostile-as")),
    ];
    return overMutants([...components, ...(await families())], (mutant) => [
      endOf(() => decodeComponent(mutant, "mutant")),
      endOf(() => decodeModule(mutant, "mutant")),
    ]);
  },
};

/** A module is valid after the rewrite exactly if it was before, and calls what it does in either mode of fuel. */
export const REWRITER: FuzzTarget = {
  name: "rewriter",
  open: async () =>
    overMutants(await families(), (mutant) =>
      (["sliced", "exact"] as const).map((fuel) => {
        let rewritten: Uint8Array<ArrayBuffer> | undefined;
        const end = endOf(() => {
          rewritten = instrument(mutant, "mutant", {
            maxMemoryPages: 100,
            maxTableElements: 1_000,
            fuel,
          }).bytes;
        });
        if (!rewritten) return end;
        const wasValid = WebAssembly.validate(mutant);
        assert.equal(WebAssembly.validate(rewritten), wasValid, `valid before: ${wasValid}; fuel: ${fuel}`);
        return wasValid ? "valid" : "invalid";
      }),
    ),
};

function families(): Promise<Uint8Array[]> {
  return Promise.all(Object.values(FAMILIES).map((wat) => assemble(wat)));
}

function overMutants(
  originals: readonly Uint8Array[],
  read: (mutant: Uint8Array<ArrayBuffer>) => readonly string[],
): OpenTarget {
  let last = new Uint8Array();
  return {
    attempt: (random: Random) => {
      last = Uint8Array.from(mutateBinary(pick(originals, random), random));
      return read(last).join(", ");
    },
    lastInput: () => last,
  };
}
