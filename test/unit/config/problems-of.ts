import assert from "node:assert/strict";
import { HostError } from "../../../host/core/error.ts";
import type { Problem } from "../../../host/core/problem.ts";

/** The problems with which `work` is refused. */
export async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!HostError.is(error, "SETTINGS_INVALID")) assert.fail(`no problem was found: ${String(error)}`);
  return error.details.problems;
}

/** The same as `line:column path: message`, in a form that is easy to read in a test. */
export async function reportOf(work: Promise<unknown>): Promise<string[]> {
  const problems = await problemsOf(work);
  return problems.map(({ path, message, line, column }) => {
    const where = line === undefined ? "" : `${line}:${column} `;
    return `${where}${path === "" ? "" : `${path}: `}${message}`;
  });
}
