import { HostError } from "../core/error.ts";
import type { HttpResponse } from "../component/contract/data.ts";

type AnswerHead = Pick<HttpResponse, "status" | "headers">;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

// Header values leave as Latin-1, one byte a character, as they come in.
const UNFIT_FOR_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Holds a plugin's answer against what HTTP can carry, so that no plugin writes past the head of its answer.
 *
 * @throws HostError PLUGIN_ANSWER_INVALID
 */
export function checkAnswer<A extends AnswerHead>(answer: A, plugin: string, functionName: string): A {
  const reason = whatIsWrong(answer);
  if (reason === undefined) return answer;
  throw new HostError("PLUGIN_ANSWER_INVALID", { plugin, function: functionName, reason });
}

function whatIsWrong({ status, headers }: AnswerHead): string | undefined {
  if (!Number.isInteger(status) || status < 200 || status > 599) return `the status ${status}`;
  for (const { name, value } of headers) {
    if (!TOKEN.test(name)) return `a header with the name ${name}`;
    if (UNFIT_FOR_VALUE.test(value)) return `a character in the header ${name} that no header may have`;
  }
  return undefined;
}
