import { quote } from "../../core/error-codes.ts";
import { messageOf } from "../../core/error.ts";
import type { JsonValue } from "../json-value.ts";
import { Refusal } from "../refusal.ts";
import type { Operator } from "./operator.ts";

/** What goes to other systems: refused unless whoever reads the settings has granted it. */
export const OUTSIDE_OPERATORS: Readonly<Record<string, Operator>> = {
  query: {
    least: 1,
    most: 100,
    usage: '@query("SELECT …", parameter, …)',
    async run(call) {
      const query = granted(call.world.grants.query, "query");
      const sql = await call.text(0);
      const params: JsonValue[] = [];
      for (let i = 1; i < call.count; i++) params.push(await call.value(i));
      return attempt("query", () => query(sql, params));
    },
  },
  http: {
    least: 2,
    most: 3,
    usage: '@http("GET", "https://…", body)',
    async run(call) {
      const http = granted(call.world.grants.http, "http");
      const method = (await call.text(0)).toUpperCase();
      const url = await call.text(1);
      const body = call.count > 2 ? await call.value(2) : undefined;
      return attempt("http", () => http(method, url, body));
    },
  },
};

function granted<T>(grant: T | undefined, name: string): T {
  if (grant !== undefined) return grant;
  throw new Refusal(`@${name} reaches outside, and is not granted to these settings.`);
}

async function attempt<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Refusal(`@${name} failed: ${quote(messageOf(error))}.`, undefined, { cause: error });
  }
}
