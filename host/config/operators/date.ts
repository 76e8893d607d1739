import { quote } from "../../core/error-codes.ts";
import { Refusal } from "../refusal.ts";
import { formatDate } from "./format-date.ts";
import type { Operator } from "./operator.ts";

/** The time, always in UTC. */
export const DATE_OPERATORS: Readonly<Record<string, Operator>> = {
  date: {
    least: 1,
    most: 1,
    usage: '@date("Y-m-d")',
    run: async (call) => formatDate(await call.text(0), new Date(call.world.clock.now())),
  },
  "date.now": {
    least: 0,
    most: 0,
    usage: "@date.now()",
    run: (call) => new Date(call.world.clock.now()).toISOString(),
  },
  "date.add": {
    least: 1,
    most: 1,
    usage: '@date.add("7d")',
    async run(call) {
      const span = await call.text(0);
      const date = new Date(call.world.clock.now() + spanMs(span));
      if (Number.isNaN(date.getTime())) throw new Refusal(`${quote(span)} leads to no date.`);
      return date.toISOString();
    },
  },
};

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  second: 1000,
  m: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
};

/** "7d", "-90m", "+1 hour", "30 days". */
function spanMs(text: string): number {
  const [, sign, number, unit = ""] = /^([+-]?)(\d{1,9}) ?([a-z]{1,7})$/i.exec(text) ?? [];
  const name = unit.toLowerCase();
  const unitMs = UNITS[name] ?? UNITS[name.replace(/s$/, "")];
  if (unitMs !== undefined) return (sign === "-" ? -1 : 1) * Number(number) * unitMs;
  throw new Refusal(`${quote(text)} is no span of time. Write one such as "7d", "-90m" or "+1 hour".`);
}
