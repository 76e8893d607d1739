import { quote } from "../../core/error-codes.ts";
import { parseDurationMs } from "../quantity.ts";
import { Refusal } from "../refusal.ts";
import type { Operator } from "./operator.ts";

/** What makes a value of other values. */
export const VALUE_OPERATORS: Readonly<Record<string, Operator>> = {
  if: {
    least: 3,
    most: 3,
    usage: "@if(condition, value, otherwise)",
    run: async (call) => call.value((await call.condition(0)) ? 1 : 2),
  },
  json_decode: {
    least: 1,
    most: 1,
    usage: "@json_decode(text)",
    run: async (call) => call.world.decodeJson(await call.text(0)),
  },
  cache: {
    least: 2,
    most: 2,
    usage: '@cache("5m", value)',
    async run(call) {
      const { cache, clock, secrets } = call.world;
      const written = await call.text(0);
      const ttlMs = parseDurationMs(written);
      if (ttlMs === undefined) throw new Refusal(`${quote(written)} is no duration. Write one such as "5m".`);
      const identity = call.identity();
      const kept = cache.get(identity);
      if (kept && kept.expiresAt > clock.now()) {
        for (const secret of kept.secrets) secrets.add(secret);
        return kept.value;
      }
      const { size } = secrets;
      const value = await call.value(1);
      const found = secrets.size > size ? [...secrets].slice(size) : [];
      cache.set(identity, { value, secrets: found, expiresAt: clock.now() + ttlMs });
      return value;
    },
  },
};
