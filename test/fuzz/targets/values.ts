import assert from "node:assert/strict";
import { HostError } from "../../../host/core/error.ts";
import { decodeJson, encodeJson, type JsonValue } from "../../../host/marshal/json.ts";
import { mutateBinary } from "../../kit/mutate-binary.ts";
import { pick, type Random } from "../../unit/wasm/random.ts";
import type { FuzzTarget } from "../target.ts";

const VALUES: readonly JsonValue[] = [
  null,
  [1, -1, 127, 128, 65_536, 2 ** 40, -(2 ** 40), 2n ** 63n, -(2n ** 63n), 1.5, -0],
  { a: { b: [{ c: "🦣" }, true, false] }, constructor: 1, "": [], toString: "x" },
  ["", "é", "\0", "x".repeat(40), "y".repeat(300), "z".repeat(70_000)],
  [new Uint8Array(0), new Uint8Array(300).fill(7)],
  Array.from({ length: 70 }, (_, i) => ({ [`key ${i}`]: i })),
  nested(100),
];

/** JSON in MessagePack, as plugins answer with it. What is read can be written, and read again. */
export const MESSAGE_PACK: FuzzTarget = {
  name: "msgpack",
  open: async () => {
    const originals = VALUES.map((value) => encodeJson(value));
    let last = new Uint8Array();
    return {
      attempt(random: Random) {
        const mutant = random(8) === 0 ? noise(random) : mutateBinary(pick(originals, random), random);
        last = Uint8Array.from(mutant);
        let value: JsonValue;
        try {
          value = decodeJson(last);
        } catch (error) {
          if (HostError.is(error, "JSON_MALFORMED"))
            return error.details.reason.replaceAll(/\d+|"[^]*"/g, "…");
          throw error;
        }
        // Written, it is the same every time; the first time -0 becomes 0, as in JSON.
        const written = Uint8Array.from(encodeJson(value));
        assert.equal(Buffer.compare(encodeJson(decodeJson(written)), written), 0);
        assert.equal(Object.getOwnPropertyNames(Object.prototype).includes("polluted"), false);
        return "read";
      },
      lastInput: () => last,
    };
  },
};

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random(40) }, () => random(256)));
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 0;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}
