import type { LooseInstance, Subject } from "../subject.ts";
import { answered } from "./plugin-check.ts";

/** A question that does no harm. */
export interface Probe {
  readonly capability: string;
  readonly function: string;
  readonly args: readonly unknown[];
}

const REQUEST = { method: "GET", path: "/test" };

/** One for each capability: the original's, where it has one. */
const PROBES: readonly Probe[] = [
  { capability: "database-plugin", function: "execute-query", args: ["SELECT 1 AS test", []] },
  { capability: "http-plugin", function: "handle-request", args: [REQUEST] },
  { capability: "http-stream-plugin", function: "register-stream-routes", args: [] },
  { capability: "http-middleware", function: "before", args: [REQUEST] },
  {
    capability: "auth-plugin",
    function: "authenticate",
    args: [{ tag: "token", val: "not-a-token" }],
  },
  { capability: "notification-plugin", function: "supported-channels", args: [] },
];

/** The questions that a plugin has answers to. */
export function probesFor(subject: Pick<Subject, "exports">): readonly Probe[] {
  return PROBES.filter(({ capability }) => subject.exports.includes(capability));
}

/** Asks an instance everything; errors of the contract are answers. */
export async function probe(subject: Subject, instance: LooseInstance): Promise<void> {
  for (const { capability, function: name, args } of probesFor(subject)) {
    await answered(instance.call(capability, name, args));
  }
}
