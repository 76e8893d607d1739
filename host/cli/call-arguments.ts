import { HostError, messageOf } from "../core/error.ts";
import { quote } from "../core/error-codes.ts";
import { nearestOf } from "../core/did-you-mean.ts";
import { CAPABILITY_INTERFACES } from "../component/contract/exports.ts";
import type { Functions } from "../component/contract/function.ts";
import { parseJson } from "../marshal/json-text.ts";

const COMMAND = "tusk call";

/**
 * Holds what somebody wants to call against the contract, before anything is loaded.
 *
 * @throws HostError USAGE_INVALID, with the nearest name there is
 */
export function verifyCallNames(capability: string, functionName: string, command = COMMAND): void {
  const functions = (CAPABILITY_INTERFACES as Readonly<Record<string, Functions>>)[capability];
  if (!functions) throw unknown("capability", capability, Object.keys(CAPABILITY_INTERFACES), command);
  if (!Object.hasOwn(functions, functionName))
    throw unknown("function", functionName, Object.keys(functions), command);
}

/**
 * The arguments of a call: each is JSON, or there is one, which is an array of all of them.
 *
 * @throws HostError USAGE_INVALID when one is no JSON, or their number is wrong
 */
export function parseCallArguments(
  capability: string,
  functionName: string,
  texts: readonly string[],
  command = COMMAND,
): unknown[] {
  const values = texts.map((text, i) => parseArgument(text, i + 1, command));
  const [only] = values;
  const args = values.length === 1 && Array.isArray(only) ? (only as unknown[]) : values;
  const { [functionName]: target } =
    (CAPABILITY_INTERFACES as Readonly<Record<string, Functions>>)[capability] ?? {};
  const names = Object.keys(target?.params ?? {});
  if (args.length === names.length) return args;
  const wanted = names.length === 0 ? "no arguments" : `${names.length} (${names.join(", ")})`;
  throw wrong(`${functionName} takes ${wanted}, and ${args.length} are given.`, command);
}

function parseArgument(text: string, position: number, command: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const hint = /^[[{"]/.test(text.trim()) ? "" : ` A text is written in quotes: '${JSON.stringify(text)}'.`;
    throw wrong(`Argument ${position} is no JSON: ${messageOf(error)}.${hint}`, command, error);
  }
}

function unknown(what: string, name: string, known: readonly string[], command: string): HostError {
  // "http" for "http-plugin" is further away than a slip of the finger.
  const near = nearestOf(name, known) ?? known.find((other) => other.startsWith(`${name}-`));
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  return wrong(`The contract has no ${what} ${quote(name)}.${hint} It has: ${known.join(", ")}.`, command);
}

function wrong(reason: string, command: string, cause?: unknown): HostError {
  return new HostError("USAGE_INVALID", { reason, command }, { cause });
}
