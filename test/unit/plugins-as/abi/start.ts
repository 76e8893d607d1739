import type { ErrorCase, Services } from "../../build/contract-types.ts";
import { failure, json, value, type Instance } from "../../build/instance.ts";
import { sqliteService } from "./sqlite-service.ts";
import { streamsService } from "./streams-service.ts";

/** Instantiates the conformance plugin and, unless `settings` is null, initialises it. */
export type Start = (services?: Partial<Services>, settings?: object | null) => Instance;

/** The services given, and for those that are not something that answers. */
export function grantingAll(services: Partial<Services>): Partial<Services> {
  return {
    config: { get: () => undefined, all: () => json({}) },
    cache: { get: () => undefined, set: () => undefined, delete: () => false },
    database: sqliteService().database,
    httpClient: {
      send: () => {
        throw failure("unavailable", "no network");
      },
    },
    httpStreams: streamsService([new Uint8Array(100)]).httpStreams,
    timer: { sleep: () => undefined },
    mail: { send: () => undefined, verify: () => undefined },
    peers: { call: (_plugin, _capability, _name, args) => args },
    ...services,
  };
}

/** What `execute-query` answers, decoded. */
export function query({ exports }: Instance, text: string, params: unknown = []): unknown {
  return value(exports.databasePlugin.executeQuery(text, json(params)));
}

/** A `json` that is none. */
export const MALFORMED: Uint8Array = new Uint8Array([0xd9, 0xff, 0x61]);

export const ERROR_CASES: readonly ErrorCase[] = [
  "invalid-input",
  "not-found",
  "conflict",
  "denied",
  "limit-exceeded",
  "timeout",
  "unavailable",
  "unsupported",
  "internal",
];

/** For `assert.throws`: an error of the contract, whatever it says. */
export function tagged(tag: ErrorCase): (thrown: { payload?: { tag: string } }) => boolean {
  return ({ payload }) => payload?.tag === tag;
}
